using Smaragdine.Attribution;
using Smaragdine.Power;
using Smaragdine.Traces;
using Smaragdine.Units;
using static Smaragdine.Tests.Core.Scenes;

namespace Smaragdine.Tests.Core.Attribution;

/// <summary>One example for each rule of "Where a joule goes". Power is 10 W where nothing else is said.</summary>
public sealed class SplitRulesTests
{
    private const double Exactly = 1e-12;

    [Fact]
    public void Power_is_shared_equally_among_running_spans()
    {
        DeviceTrace device = Cpu(("a", 0, 4), ("b", 2, 4));
        WindowLedger ledger = Split(device, TenWatts, 0, 4);
        ledger.EnergyOf(device, "a").ShouldBe(30, Exactly); // 2 s alone, 2 s by half
        ledger.EnergyOf(device, "b").ShouldBe(10, Exactly);
    }

    [Fact]
    public void A_span_that_ends_shares_nothing_with_one_that_begins_then()
    {
        DeviceTrace device = Cpu(("a", 0, 1), ("b", 1, 3));
        WindowLedger ledger = Split(device, TenWatts, 0, 3);
        ledger.EnergyOf(device, "a").ShouldBe(10, Exactly);
        ledger.EnergyOf(device, "b").ShouldBe(20, Exactly);
    }

    [Fact]
    public void Two_instances_of_one_operation_are_two_shares()
    {
        DeviceTrace device = Cpu(("a", 0, 3), ("a", 0, 3), ("b", 0, 3));
        WindowLedger ledger = Split(device, TenWatts, 0, 3);
        ledger.EnergyOf(device, "a").ShouldBe(20, Exactly);
        ledger.EnergyOf(device, "b").ShouldBe(10, Exactly);
        ledger.TimeNs[0].ShouldBe(Ns(6));
        ledger.BusyNs.ShouldBe(Ns(3));
    }

    [Fact]
    public void A_span_of_no_length_counts_as_a_call_without_energy()
    {
        DeviceTrace device = Cpu(("a", 1, 1), ("b", 0, 2));
        WindowLedger ledger = Split(device, TenWatts, 0, 2);
        ledger.Calls.ShouldBe([1, 1]);
        ledger.EnergyOf(device, "a").ShouldBe(0);
        ledger.EnergyOf(device, "b").ShouldBe(20, Exactly);
    }

    [Fact]
    public void A_window_cuts_energy_and_time_and_calls_count_where_they_start()
    {
        DeviceTrace device = Cpu(("a", 0, 4), ("b", 3, 9), ("c", 6, 7));
        WindowLedger ledger = Split(device, TenWatts, 2, 6);
        ledger.EnergyOf(device, "a").ShouldBe(15, Exactly); // alone 2..3, by half 3..4
        ledger.EnergyOf(device, "b").ShouldBe(25, Exactly);
        ledger.TimeNs.ShouldBe([Ns(2), Ns(3), 0]);
        ledger.Calls.ShouldBe([0, 1, 0]);
    }

    [Fact]
    public void A_span_that_starts_with_the_window_is_its_call_and_one_at_its_end_is_not()
    {
        DeviceTrace device = Cpu(("a", 2, 2), ("b", 6, 6), ("c", 2, 3));
        Split(device, TenWatts, 2, 6).Calls.ShouldBe([1, 0, 1]);
    }

    [Fact]
    public void An_empty_window_holds_nothing()
    {
        DeviceTrace device = Cpu(("a", 0, 4), ("b", 2, 2));
        WindowLedger ledger = Split(device, TenWatts, 2, 2);
        ledger.Calls.ShouldBe([0, 0]);
        ledger.Domains[0].Total.ShouldBe(0);
        ledger.BusyNs.ShouldBe(0);
    }

    [Fact]
    public void A_waiting_span_shares_only_when_nothing_else_runs()
    {
        DeviceTrace device = Cpu(("a", 2, 4), ("wait", 0, 6), ("wait2", 4, 6));
        WindowLedger ledger = Split(device, TenWatts, 0, 6);
        ledger.EnergyOf(device, "a").ShouldBe(20, Exactly);
        ledger.EnergyOf(device, "wait").ShouldBe(30, Exactly); // 2 s alone, 2 s beside another that waits
        ledger.EnergyOf(device, "wait2").ShouldBe(10, Exactly);
        ledger.TimeNs[1].ShouldBe(Ns(6));
    }

    [Fact]
    public void A_gpu_copy_shares_only_while_no_kernel_runs()
    {
        DeviceTrace device = Gpu(("kernel", 1, 3), ("copy", 0, 2));
        WindowLedger ledger = Split(device, TenWatts, 0, 3);
        ledger.EnergyOf(device, "copy").ShouldBe(10, Exactly);
        ledger.EnergyOf(device, "kernel").ShouldBe(20, Exactly);
    }

    [Fact]
    public void A_collective_that_overlaps_compute_shares_and_is_flagged()
    {
        DeviceTrace device = Gpu(("kernel", 0, 2), ("nccl_a", 1, 2), ("nccl_b", 2, 3), ("copy", 2, 3));
        WindowLedger ledger = Split(device, TenWatts, 0, 3);
        ledger.EnergyOf(device, "nccl_a").ShouldBe(5, Exactly);
        ledger.EnergyOf(device, "nccl_b").ShouldBe(10, Exactly);
        ledger.Overlapped.ShouldBe([false, true, false, false]); // beside a copy only: no compute
    }

    [Fact]
    public void Two_collectives_at_once_overlap_no_compute()
    {
        DeviceTrace device = Gpu(("nccl_a", 0, 2), ("nccl_b", 0, 2), ("nccl_b", 0, 2));
        Split(device, TenWatts, 0, 2).Overlapped.ShouldBe([false, false]);
    }

    [Fact]
    public void Time_without_spans_is_idle_where_the_program_owns_the_device()
    {
        DomainAccount account = Split(Cpu(("a", 1, 2)), TenWatts, 0, 4).Domains[0];
        account.Idle.ShouldBe(30, Exactly);
        account.Operations.ShouldBe(10, Exactly);
        account.Outside.ShouldBe(0);
    }

    [Fact]
    public void The_gap_of_a_shared_gpu_is_unattributed()
    {
        DevicePower power = TenWatts with { Gaps = GapRule.Unattributed };
        DomainAccount account = Split(Gpu(("kernel", 1, 2)), power, 0, 4).Domains[0];
        account.Unattributed.ShouldBe(30, Exactly);
        account.Operations.ShouldBe(10, Exactly);
    }

    [Fact]
    public void Energy_is_shared_with_other_processes_by_on_cpu_time()
    {
        DeviceTrace device = Cpu(("a", 0, 4));
        WindowLedger ledger = Split(device, Watched(Used((0, 4, 1, 3))), 0, 4);
        ledger.Domains[0].OtherProcesses.ShouldBe(30, Exactly);
        ledger.EnergyOf(device, "a").ShouldBe(10, Exactly);
    }

    [Fact]
    public void The_program_s_share_while_no_span_runs_is_outside()
    {
        DomainAccount account = Split(Cpu(("a", 0, 1)), Watched(Used((0, 4, 1, 1))), 0, 4).Domains[0];
        account.Outside.ShouldBe(15, Exactly);
        account.OtherProcesses.ShouldBe(20, Exactly);
        account.Operations.ShouldBe(5, Exactly);
    }

    [Fact]
    public void Less_than_one_per_cent_of_the_capacity_is_idle()
    {
        // 4 CPUs: 0.04 is one per cent.
        DeviceTrace device = Cpu(("a", 0, 2));
        DomainAccount account = Split(device, Watched(Used((0, 1, 0.01, 0.029), (1, 2, 0.01, 0.03))), 0, 2).Domains[0];
        account.Idle.ShouldBe(10, Exactly);
        account.OtherProcesses.ShouldBe(7.5, Exactly);
        account.Operations.ShouldBe(2.5, Exactly);
    }

    [Fact]
    public void A_span_gets_nothing_while_the_program_has_no_cpu_time()
    {
        DeviceTrace device = Cpu(("a", 0, 4));
        WindowLedger ledger = Split(device, Watched(Used((0, 2, 0, 1), (2, 4, 1, 0))), 0, 4);
        ledger.EnergyOf(device, "a").ShouldBe(20, Exactly);
        ledger.Domains[0].OtherProcesses.ShouldBe(20, Exactly);
        ledger.TimeNs[0].ShouldBe(Ns(4));
    }

    [Fact]
    public void A_known_baseline_is_idle_unless_the_program_runs()
    {
        // 10 W of which 6 W are the machine's at rest.
        DeviceTrace device = Cpu(("a", 0, 3));
        DevicePower power = Watched(Used((0, 1, 1, 1), (1, 2, 0, 1), (2, 3, 0, 0)), baseline: 6);
        DomainAccount account = Split(device, power, 0, 3).Domains[0];
        account.Operations.ShouldBe(5, Exactly);           // 0..1: all by on-CPU time, baseline included
        account.OtherProcesses.ShouldBe(5 + 4, Exactly);   // 1..2: what is above the baseline
        account.Idle.ShouldBe(6 + 10, Exactly);            // 1..2: the baseline; 2..3: all
    }

    [Fact]
    public void With_a_baseline_a_twitch_of_the_program_is_the_program_s()
    {
        DeviceTrace device = Cpu(("a", 0, 1));
        Split(device, Watched(Used((0, 1, 0.01, 0)), baseline: 6), 0, 1).EnergyOf(device, "a").ShouldBe(10, Exactly);
    }

    [Fact]
    public void A_baseline_above_the_power_takes_no_more_than_there_is()
    {
        DomainAccount account = Split(Cpu(("a", 0, 1)), Watched(Used((0, 1, 0, 1)), baseline: 25), 0, 1).Domains[0];
        account.Idle.ShouldBe(10, Exactly);
        account.OtherProcesses.ShouldBe(0);
    }

    [Fact]
    public void A_hole_in_the_activity_is_unattributed()
    {
        DeviceTrace device = Cpu(("a", 0, 4));
        DomainAccount account = Split(device, Watched(Used((0, 1, 1, 0), (3, 4, 1, 0))), 0, 4).Domains[0];
        account.Unattributed.ShouldBe(20, Exactly);
        account.Operations.ShouldBe(20, Exactly);
    }

    [Fact]
    public void Time_without_power_is_not_covered()
    {
        DeviceTrace device = Cpu(("a", 0, 4), ("b", 2, 3));
        WindowLedger ledger = Split(device, Owned((0, 1, 10), (3, 4, 20)), 0, 5);
        ledger.CoveredNs.ShouldBe([Ns(2), 0]);
        ledger.EnergyOf(device, "a").ShouldBe(30, Exactly);
        ledger.DeviceCoveredNs.ShouldBe(Ns(2));
        ledger.Domains[0].Total.ShouldBe(30, Exactly);
    }

    [Fact]
    public void Several_domains_are_accounted_each_for_itself()
    {
        DeviceTrace device = Cpu(("a", 0, 2));
        DevicePower power = new(
            [new(Fed(Domain.Package(0), (0, 2, 10)), Used((0, 2, 1, 1))), new(Fed(Domain.Dram(0), (1, 3, 4)), Used((0, 3, 1, 0)))],
            GapRule.ByActivity);
        WindowLedger ledger = Split(device, power, 0, 3);
        ledger.Energy[0].ShouldBe(10, Exactly);
        ledger.Energy[1].ShouldBe(4, Exactly);
        ledger.Domains[1].Outside.ShouldBe(4, Exactly);
        ledger.EnergyOf(0).ShouldBe(14, Exactly);
        ledger.DeviceCoveredNs.ShouldBe(Ns(3));
        ledger.CoveredNs[0].ShouldBe(Ns(2));
    }

    [Fact]
    public void A_span_of_a_nanosecond_in_an_hour_keeps_its_digits()
    {
        DeviceTrace device = new(DeviceId.Cpu());
        device.Operations.Add(new("long", "MatMul", [], OperationTraits.None));
        device.Operations.Add(new("short", "MatMul", [], OperationTraits.None));
        device.Spans.Add(0, Ns(3600), 0, 1, 0);
        device.Spans.Add(Ns(3599), Ns(3599) + 1, 1, 1, 0);
        DevicePower power = Owned((0, 3600, 300));
        double share = new SplitSweep(device, power).Account(Window(0, 3600)).EnergyOf(1);
        (share / 150e-9).ShouldBe(1, 1e-9);
    }

    [Fact]
    public void Time_and_calls_are_counted_without_power()
    {
        WindowLedger ledger = Split(Cpu(("a", 0, 1), ("a", 1, 2)), DevicePower.None, 0, 3);
        ledger.TimeNs[0].ShouldBe(Ns(2));
        ledger.Calls[0].ShouldBe(2);
        ledger.Energy.ShouldBeEmpty();
        DevicePower.None.IsKnown.ShouldBeFalse();
        DevicePower.None.Quality.ShouldBe(Quality.Measured);
    }
}
