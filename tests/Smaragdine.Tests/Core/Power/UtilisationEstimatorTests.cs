using Smaragdine.Activity;
using Smaragdine.Power;
using Smaragdine.Units;

namespace Smaragdine.Tests.Core.Power;

public sealed class UtilisationEstimatorTests
{
    private readonly List<Warning> warnings = [];

    private static ActivityInput Activity(params (int? Socket, double Capacity, double Program, double Other)[] sockets)
    {
        List<ActivityTimeline> timelines = [];
        foreach ((int? socket, double capacity, double program, double other) in sockets)
        {
            ActivityTimeline.Builder builder = new(socket, capacity);
            builder.Add(0, 1_000_000_000, program, other);
            builder.Add(2_000_000_000, 3_000_000_000, 0, 0);
            timelines.Add(builder.Build());
        }

        return new(timelines, (int)sockets.Sum(s => s.Capacity));
    }

    private IReadOnlyList<DomainPower> Estimate(ActivityInput activity, EstimatorOptions options) => UtilisationEstimator.Estimate(activity, options, warnings.Add);

    [Fact]
    public void An_unknown_processor_gets_the_average_and_a_warning()
    {
        DomainPower power = Estimate(Activity((null, 4, 1.5, 0.5)), new("Weird\u001b CPU")).ShouldHaveSingleItem();
        power.Domain.ShouldBe(Domain.Package(0));
        power.Quality.ShouldBe(Quality.Estimated);
        power.Source.ShouldBe("estimated from utilisation (0.74–3.5 W per CPU)");
        power.Timeline.Watts.ToArray().ShouldBe([(4 * 0.74) + (2 * 2.76), 4 * 0.74], 1e-12);
        power.Timeline.Starts.ToArray().ShouldBe([0, 2_000_000_000]);
        warnings.ShouldHaveSingleItem().Code.ShouldBe("estimator-default");
        warnings[0].Text.ShouldContain("`Weird? CPU`");
    }

    [Fact]
    public void Sockets_are_domains_and_a_known_processor_has_its_own_watts()
    {
        IReadOnlyList<DomainPower> power = Estimate(Activity((0, 2, 2, 3), (1, 2, 0, 0)), new("AMD EPYC 7763 64-Core Processor"));
        power.Select(p => p.Domain.Name).ShouldBe(["package-0", "package-1"]);
        power[0].Timeline.Watts[0].ShouldBe(2 * 1.87, 1e-12, "no more than all of its CPUs can be busy");
        power[1].Timeline.Watts[0].ShouldBe(2 * 0.45, 1e-12);
        power[0].Source.ShouldBe("estimated from utilisation (EPYC 3rd generation, 0.45–1.87 W per CPU)");
        warnings.ShouldBeEmpty();
    }

    [Fact]
    public void Watts_of_the_machine_are_divided_by_its_cpus()
    {
        Estimate(Activity((null, 4, 4, 0)), new(null, TdpWatts: 100, IdleWatts: 20))[0].Timeline.Watts.ToArray().ShouldBe([100, 20], 1e-9);
        Estimate(Activity((null, 4, 4, 0)), new(null, TdpWatts: 100))[0].Timeline.Watts.ToArray().ShouldBe([100, 100 * 0.74 / 3.5], 1e-9);
        warnings.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(0.0, null, "`--tdp 0`: expected watts of the whole machine under full load, above 0")]
    [InlineData(double.NaN, null, "`--tdp NaN`: expected watts of the whole machine under full load, above 0")]
    [InlineData(100.0, -1.0, "`--idle-power -1`: expected watts of the whole machine at rest, 0 or more")]
    [InlineData(100.0, 101.0, "`--idle-power 101` is above `--tdp 100`: at rest a machine takes less than under full load")]
    [InlineData(null, 100.0, "`--idle-power 100` is 25 W for each of 4 logical CPUs, above the 3.5 W that are assumed under full load; say `--tdp` too")]
    public void Watts_that_cannot_be_are_refused(double? tdp, double? idle, string message) =>
        Should.Throw<RefusedInputException>(() => Estimate(Activity((null, 4, 4, 0)), new(null, tdp, idle))).Message.ShouldBe(message);

    [Theory]
    [InlineData("AMD EPYC 7571", "EPYC 1st generation")]
    [InlineData("AMD EPYC 7551P 32-Core Processor", "EPYC 1st generation")]
    [InlineData("AMD EPYC 7R32", "EPYC 2nd generation")]
    [InlineData("AMD EPYC 7F52 16-Core Processor", "EPYC 2nd generation")]
    [InlineData("AMD EPYC 7B12", "EPYC 2nd generation")]
    [InlineData("AMD EPYC-Rome Processor", "EPYC 2nd generation")]
    [InlineData("AMD EPYC 7B13", "EPYC 3rd generation")]
    [InlineData("AMD EPYC 72F3 8-Core Processor", "EPYC 3rd generation")]
    [InlineData("AMD EPYC 7V73X 64-Core Processor", "EPYC 3rd generation")]
    [InlineData("Intel(R) Xeon(R) Platinum 8175M CPU @ 2.50GHz", "Skylake")]
    [InlineData("Intel(R) Xeon(R) Gold 6130 CPU @ 2.10GHz", "Skylake")]
    [InlineData("Intel Xeon Processor (Skylake, IBRS)", "Skylake")]
    [InlineData("Intel(R) Xeon(R) Platinum 8259CL CPU @ 2.50GHz", "Cascade Lake")]
    [InlineData("Intel(R) Xeon(R) Silver 4210 CPU @ 2.20GHz", "Cascade Lake")]
    [InlineData("Intel Xeon Processor (Cascadelake)", "Cascade Lake")]
    [InlineData("Intel(R) Xeon(R) CPU E5-2676 v3 @ 2.40GHz", "Haswell")]
    [InlineData("Intel(R) Xeon(R) CPU E5-2686 v4 @ 2.30GHz", "Broadwell")]
    [InlineData("Intel(R) Xeon(R) Platinum 8375C CPU @ 2.90GHz", null)]
    [InlineData("AMD EPYC 9654 96-Core Processor", null)]
    [InlineData("AMD EPYC", null)]
    [InlineData("Intel(R) Xeon(R) CPU E5-2670 0 @ 2.60GHz", null)]
    [InlineData("Intel(R) Xeon(R) CPU @ 2.20GHz", null)]
    [InlineData(null, null)]
    public void Generations_are_told_by_the_model_string(string? model, string? generation) =>
        ProcessorGeneration.Of(model)?.Name.ShouldBe(generation);
}
