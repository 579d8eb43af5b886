using Smaragdine.Sensors.Activity;

namespace Smaragdine.Tests.Sensors.Activity;

public class ProcessTreeTests
{
    private static ProcessTree Tree(SimulatedProcesses world, bool adopts = false)
    {
        ProcessTree tree = new(world, SimulatedProcesses.Recorder, adopts, 100);
        tree.Follow(SimulatedProcesses.Root);
        return tree;
    }

    private static long Follow(SimulatedProcesses world, ProcessTree tree, int steps, int seed)
    {
        Random random = new(seed);
        long previous = 0;
        for (int step = 0; step < steps; step++)
        {
            world.Happen(random.Next(30));
            long total = random.Next(3) == 0 ? tree.Scan() : tree.Read();
            total.ShouldBeGreaterThanOrEqualTo(previous);
            total.ShouldBeLessThanOrEqualTo(world.Truth, $"step {step}");
            previous = total;
        }

        return previous;
    }

    [Fact]
    public void Children_that_are_waited_for_are_counted_to_the_last_jiffy_and_never_twice()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            using SimulatedProcesses world = new(seed);
            using ProcessTree tree = Tree(world);
            Follow(world, tree, 100, seed);
            world.Bustle = 1;
            world.FinishChildren();
            tree.Scan();
            long total = tree.Scan();
            tree.Live.ShouldBe(1);
            (world.Truth - total).ShouldBeInRange(0, 2 * SimulatedProcesses.Jiffy, $"seed {seed}");

            // The root's last time comes from whoever waits for it.
            world.Burn(SimulatedProcesses.Root, 123_000_000);
            world.FinishRoot();
            tree.Scan();
            total = tree.Scan();
            tree.Live.ShouldBe(0);
            (world.Truth - total).ShouldBeInRange(0, 2 * SimulatedProcesses.Jiffy, $"seed {seed}");
        }
    }

    [Fact]
    public void Orphans_and_children_nobody_waits_for_are_kept_as_last_seen_and_never_counted_twice()
    {
        long truth = 0;
        long counted = 0;
        for (int seed = 0; seed < 300; seed++)
        {
            using SimulatedProcesses world = new(seed) { Orphans = true, AutoReap = seed % 2 == 0 };
            using ProcessTree tree = Tree(world);
            counted += Follow(world, tree, 100, seed);
            truth += world.Truth;
        }

        // A third of the processes in this world are orphans that were never seen with their parent: their work is lost.
        ((double)counted / truth).ShouldBeInRange(0.3, 1);
    }

    [Fact]
    public void Orphans_that_the_recorder_inherits_are_counted_to_the_last_jiffy_and_waited_for()
    {
        for (int seed = 0; seed < 300; seed++)
        {
            using SimulatedProcesses world = new(seed) { Orphans = true, Adopting = true };
            using ProcessTree tree = Tree(world, adopts: true);
            Follow(world, tree, 100, seed);
            world.Bustle = 1;
            world.FinishChildren();
            tree.Scan();
            tree.Scan();
            long total = tree.Scan();
            // Two accounts, the root's and the recorder's, each with its jiffies not shown yet.
            (world.Truth - total).ShouldBeInRange(0, 4 * SimulatedProcesses.Jiffy, $"seed {seed}");
            world.LivingOfProgram.ShouldBe(1);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_stranger_who_got_a_child_s_id_brings_none_of_his_hours(bool scan)
    {
        using SimulatedProcesses world = new(1) { Bustle = 1 };
        int child = world.Start(SimulatedProcesses.Root);
        using ProcessTree tree = Tree(world);
        world.Burn(child, 30_000_000);
        tree.Scan().ShouldBe(30_000_000);
        world.Replace(child, clock: 3600_000_000_000);
        long total = scan ? tree.Scan() : tree.Read();
        total.ShouldBe(30_000_000);
        world.Burn(child, 500_000_000);
        tree.Read().ShouldBe(30_000_000);
        tree.Scan().ShouldBe(30_000_000);
        tree.Scan().ShouldBe(30_000_000);
        tree.Live.ShouldBe(1);
    }

    [Fact]
    public void Ids_that_are_used_again_are_not_mixed_up()
    {
        for (int seed = 0; seed < 200; seed++)
        {
            using SimulatedProcesses world = new(seed, largestPid: 80);
            using ProcessTree tree = Tree(world);
            Random random = new(seed);
            long previous = 0;
            for (int step = 0; step < 100; step++)
            {
                world.Happen(random.Next(30));
                long total = tree.Scan();
                total.ShouldBeGreaterThanOrEqualTo(previous);
                previous = total;
            }
        }
    }

    [Fact]
    public void Hidden_newest_id_is_made_up_for_by_looking_through_all()
    {
        for (int seed = 0; seed < 50; seed++)
        {
            using SimulatedProcesses world = new(seed) { Hidden = true };
            using ProcessTree tree = Tree(world);
            Follow(world, tree, 60, seed);
            world.Bustle = 1;
            tree.Scan();
            tree.Scan();
            tree.Scan();
            tree.Live.ShouldBe(world.LivingOfProgram);
            world.FinishChildren();
            tree.Scan();
            (world.Truth - tree.Scan()).ShouldBeInRange(0, 2 * SimulatedProcesses.Jiffy);
        }
    }

    [Fact]
    public void Files_of_ended_processes_are_closed()
    {
        SimulatedProcesses world = new(5);
        using (ProcessTree tree = Tree(world))
        {
            Follow(world, tree, 200, 5);
            world.Bustle = 1;
            world.FinishChildren();
            tree.Scan();
            world.OpenHandles.ShouldBe(2);
        }

        world.OpenHandles.ShouldBe(0);
    }
}
