using FsCheck;
using FsCheck.Fluent;
using Smaragdine.Activity;
using Smaragdine.Attribution;
using Smaragdine.Footprints;
using Smaragdine.Footprints.Naming;
using Smaragdine.Traces;

namespace Smaragdine.Tests.Core.Attribution;

/// <summary>A host's power among its ranks: nothing lost, nothing twice, each rank what its on-CPU time says.</summary>
public sealed class HostMappingPropertyTests
{
    [Fact]
    public void The_ranks_rows_add_up_to_the_host_s() => ForAny(host =>
    {
        MappedPower mapped = host.Mapped();
        DeviceTrace nobody = new(DeviceId.Cpu());
        WindowLedger whole = new SplitSweep(nobody, host.Whole()).Account(host.Window);
        List<WindowLedger> ranks = [.. host.Traces.Select(t => new SplitSweep(t, mapped.Devices[t.Id]).Account(host.Window))];
        for (int d = 0; d < host.Domains.Count; d++)
        {
            DomainAccount expected = whole.Domains[d];
            Near(ranks.Sum(r => r.Domains[d].Total), expected.Total);
            Near(ranks.Sum(r => r.Domains[d].Sum), expected.Total);
            Near(ranks.Sum(r => r.Domains[d].OtherProcesses), expected.OtherProcesses);
            Near(ranks.Sum(r => r.Domains[d].Unattributed), expected.Unattributed);
            if (host.Activity.Input is not null)
            {
                Near(ranks.Sum(r => r.Domains[d].Idle), expected.Idle);
                Near(ranks.Sum(r => r.Domains[d].Operations + r.Domains[d].Outside), expected.Outside);
            }

            foreach (WindowLedger rank in ranks)
            {
                Near(rank.Domains[d].Sum, rank.Domains[d].Total);
                rank.Domains[d].CoveredNs.ShouldBe(expected.CoveredNs);
            }
        }
    });

    [Fact]
    public void Each_rank_gets_what_the_slow_reading_of_its_on_cpu_time_says() => ForAny(host =>
    {
        MappedPower mapped = host.Mapped();
        for (int rank = 0; rank < host.Traces.Count; rank++)
        {
            DeviceId device = host.Traces[rank].Id;
            WindowLedger ledger = new SplitSweep(new DeviceTrace(device), mapped.Devices[device]).Account(host.Window);
            for (int d = 0; d < host.Domains.Count; d++)
            {
                SlowShare slow = new(host, rank, mapped.Devices[device].Domains[d]);
                Near(ledger.Domains[d].Total, slow.Total);
                Near(mapped.Devices[device].Domains[d].Over(host.Window).Energy.Value, slow.Total);
                Near(mapped.Devices[device].Domains[d].Timeline().Over(host.Window).Energy.Value, slow.Total);
                if (host.Activity.Input is not null)
                {
                    Near(ledger.Domains[d].Outside, slow.Program);
                }
            }
        }
    });

    [Fact]
    public void No_on_cpu_time_is_lost_between_the_cells() => ForAny(host =>
    {
        foreach (ActivityTimeline cells in host.Activity.Input?.Timelines ?? [])
        {
            for (int i = 0; i < cells.Count; i++)
            {
                double seconds = host.Activities.Sum(a => a is null ? 0 : SlowShare.CpuSeconds(a, cells.Socket, cells.Starts[i], cells.Ends[i]));
                Near(cells.Program[i] * (cells.Ends[i] - cells.Starts[i]) / 1e9, seconds);
            }
        }
    });

    [Fact]
    public void A_run_of_several_ranks_counts_each_domain_of_the_host_once() => ForAny(host =>
    {
        Trace trace = Scenes.TraceOf([new(1, host.Window)], [.. host.Traces]);
        Footprint footprint = FootprintBuilder.Build(new(trace, host.Mapped().Devices, new TensorFlowNaming(), Run: new(host.Window, [], null)), _ => { });
        footprint.Run!.ByDomain.Select(d => d.Domain).ShouldBe(host.Domains.Select(d => $"node/{d.Domain.Name}"));
        Near(footprint.Run.Energy!.Value.Amount.Value, host.Domains.Sum(d => d.Timeline.Over(footprint.Run.Extent).Energy.Value));
    });

    private static void Near(double actual, double expected) => Ledgers.Near(actual, expected, "");

    private static void ForAny(Action<RandomHost> test) =>
        Prop.ForAll(Gen.Choose(0, int.MaxValue).ToArbitrary(), seed => test(RandomHost.Of(seed))).Check(Config.QuickThrowOnFailure.WithMaxTest(150));
}
