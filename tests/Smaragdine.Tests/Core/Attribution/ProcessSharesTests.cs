using Smaragdine.Activity;
using Smaragdine.Attribution;
using Smaragdine.Units;

namespace Smaragdine.Tests.Core.Attribution;

public sealed class ProcessSharesTests
{
    [Fact]
    public void Every_joule_is_a_process_s_unseen_or_idle_and_as_a_slow_reading_has_it()
    {
        Random random = new(7);
        for (int scene = 0; scene < 500; scene++)
        {
            ProcessTimes before = Times(random, null);
            ProcessTimes after = Times(random, before);
            double cpus = random.Next(1, 9);
            double joules = random.NextDouble() * 500;
            double? baseline = random.Next(3) == 0 ? random.NextDouble() * 300 : null;
            ProcessUse use = after.Since(before);
            ProcessShares shares = ProcessShares.Of(Joules.From(joules), use, cpus, baseline is { } watts ? Watts.From(watts) : null);
            (Dictionary<ProcessKey, double> slow, double unseen, double idle) = Slow(before, after, joules, cpus, baseline);
            (shares.Processes.Sum(p => p.Value) + shares.Unseen.Value + shares.Idle.Value).ShouldBe(joules, 1e-9 * joules);
            shares.Unseen.Value.ShouldBe(unseen, 1e-9 * joules);
            shares.Idle.Value.ShouldBe(idle, 1e-9 * joules);
            use.Processes.Count.ShouldBe(slow.Count);
            foreach ((ProcessTime process, Joules energy) in use.Processes.Zip(shares.Processes))
            {
                energy.Value.ShouldBe(slow[process.Process], 1e-9 * joules);
            }
        }
    }

    [Fact]
    public void A_machine_at_rest_is_idle_whoever_twitched()
    {
        ProcessUse use = Use(busySeconds: 0.009, (1, 0.009));
        ProcessShares shares = ProcessShares.Of(Joules.From(20), use, capacity: 1, null);
        shares.Idle.Value.ShouldBe(20);
        shares.Processes.ShouldBe([Joules.Zero]);
        ProcessShares.Of(Joules.From(20), Use(busySeconds: 0.011, (1, 0.011)), capacity: 1, null).Idle.ShouldBe(Joules.Zero);
    }

    [Fact]
    public void With_a_baseline_only_what_is_above_it_is_shared()
    {
        ProcessShares shares = ProcessShares.Of(Joules.From(20), Use(busySeconds: 0.5, (1, 0.3), (2, 0.1)), capacity: 4, Watts.From(15));
        shares.Idle.Value.ShouldBe(15);
        shares.Processes.Select(p => p.Value).ShouldBe([3, 1], tolerance: 1e-9);
        shares.Unseen.Value.ShouldBe(1, 1e-9);
        ProcessShares.Of(Joules.From(10), Use(busySeconds: 0.5, (1, 0.5)), capacity: 4, Watts.From(15)).Idle.Value.ShouldBe(10);
    }

    [Fact]
    public void Processes_that_are_ahead_of_the_jiffies_share_all_and_no_more()
    {
        ProcessShares shares = ProcessShares.Of(Joules.From(12), Use(busySeconds: 0.9, (1, 0.8), (2, 0.4)), capacity: 2, null);
        shares.Processes.Select(p => p.Value).ShouldBe([8, 4], tolerance: 1e-9);
        shares.Unseen.ShouldBe(Joules.Zero);
    }

    [Fact]
    public void A_process_with_the_id_of_one_that_ended_has_only_its_own_time()
    {
        ProcessTimes before = new(0, Duration.Zero, [Time(1, start: 10, seconds: 5)]);
        ProcessTimes after = new(1_000_000_000, Duration.FromSeconds(1), [Time(1, start: 99, seconds: 0.25)]);
        after.Since(before).Processes.ShouldBe([Time(1, start: 99, seconds: 0.25)]);
    }

    private static ProcessUse Use(double busySeconds, params (int Pid, double Seconds)[] used) =>
        new ProcessTimes(1_000_000_000, Duration.FromSeconds(busySeconds), [.. used.Select(u => Time(u.Pid, 0, u.Seconds))]).Since(new(0, Duration.Zero, []));

    private static ProcessTime Time(int pid, long start, double seconds) => new(new(pid, start), Duration.FromSeconds(seconds));

    private static ProcessTimes Times(Random random, ProcessTimes? before)
    {
        List<ProcessTime> times = [];
        double used = 0;
        foreach (ProcessTime old in before?.Processes ?? [])
        {
            switch (random.Next(5))
            {
                case 0:
                    break;
                case 1:
                    times.Add(Time(old.Process.Pid, old.Process.Start + 1000, random.NextDouble()));
                    used += times[^1].OnCpu.TotalSeconds;
                    break;
                default:
                    double more = random.Next(2) * random.NextDouble();
                    times.Add(old with { OnCpu = old.OnCpu + Duration.FromSeconds(more) });
                    used += more;
                    break;
            }
        }

        for (int i = random.Next(4); i > 0; i--)
        {
            times.Add(Time(1000 + random.Next(100_000), random.Next(100), random.NextDouble() * 0.1));
        }

        times = [.. times.DistinctBy(t => t.Process.Pid)];
        double busy = random.Next(4) == 0 ? used * random.NextDouble() : used + random.NextDouble();
        return new((before?.MonotonicNs ?? 0) + 1 + random.Next(2_000_000_000), (before?.Busy ?? Duration.Zero) + Duration.FromSeconds(busy), times);
    }

    /// <summary>The page's words, one after another.</summary>
    private static (Dictionary<ProcessKey, double> Processes, double Unseen, double Idle) Slow(
        ProcessTimes before, ProcessTimes after, double joules, double cpus, double? baseline)
    {
        Dictionary<ProcessKey, double> used = [];
        foreach (ProcessTime time in after.Processes)
        {
            double earlier = before.Processes.Where(p => p.Process == time.Process).Sum(p => p.OnCpu.TotalSeconds);
            if (time.OnCpu.TotalSeconds > earlier)
            {
                used[time.Process] = time.OnCpu.TotalSeconds - earlier;
            }
        }

        double period = (after.MonotonicNs - before.MonotonicNs) / 1e9;
        double busy = Math.Max(used.Values.Sum(), (after.Busy - before.Busy).TotalSeconds);
        if (busy <= 0 || (baseline is null && busy < 0.01 * cpus * period))
        {
            return (used.ToDictionary(u => u.Key, _ => 0.0), 0, joules);
        }

        double idle = Math.Min(joules, (baseline ?? 0) * period);
        double shared = joules - idle;
        return (used.ToDictionary(u => u.Key, u => shared * u.Value / busy), shared * (busy - used.Values.Sum()) / busy, idle);
    }
}
