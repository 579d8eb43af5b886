using Smaragdine.Activity;
using static Smaragdine.Tests.Core.Scenes;

namespace Smaragdine.Tests.Core.Activity;

public sealed class HostActivityTests
{
    [Fact]
    public void All_ranks_are_the_program_and_what_is_left_of_everybody_s_time_is_others()
    {
        HostActivity host = HostActivity.Of([Of(Used((0, 10, 1, 2))), Of(Used((0, 10, 0.5, 2.5)))]);
        ActivityTimeline all = host.Input!.Timelines.Single();
        all.Program.ToArray().ShouldBe([1.5]);
        all.Other.ToArray().ShouldBe([1.5]);
        all.Capacity.ShouldBe(4);
        host.ShareOf(0, all).At(0).ShouldBe(2.0 / 3, 1e-12);
        host.ShareOf(1, all).At(0).ShouldBe(1.0 / 3, 1e-12);
    }

    [Fact]
    public void A_rank_has_nothing_before_it_started_and_after_it_ended_and_equal_parts_while_nobody_runs()
    {
        HostActivity host = HostActivity.Of([Of(Used((0, 4, 1, 0), (4, 6, 0, 0))), Of(Used((2, 4, 3, 0), (4, 6, 0, 0)))]);
        ActivityTimeline all = host.Input!.Timelines.Single();
        all.Starts.ToArray().ShouldBe([Ns(0), Ns(2), Ns(4)]);
        Enumerable.Range(0, 3).Select(i => host.ShareOf(0, all).At(i)).ShouldBe([1, 0.25, 0.5]);
        host.ShareOf(1, all).Elsewhere.ShouldBe(0.5);
    }

    [Fact]
    public void Where_a_recorder_has_a_gap_nobody_knows_who_used_the_processors()
    {
        HostActivity host = HostActivity.Of([Of(Used((0, 10, 1, 0))), Of(Used((0, 3, 1, 0), (6, 10, 1, 0)))]);
        ActivityTimeline all = host.Input!.Timelines.Single();
        all.Starts.ToArray().ShouldBe([Ns(0), Ns(6)]);
        all.Ends.ToArray().ShouldBe([Ns(3), Ns(10)]);
    }

    [Fact]
    public void Sockets_stay_apart_where_all_recorders_tell_them_apart()
    {
        ActivityInput both = new([Socket(0, 1), Socket(1, 0)], 8);
        HostActivity.Of([both, new([Socket(0, 0), Socket(1, 3)], 8)]).Input!.Timelines.Select(t => (t.Socket, t.Program[0])).ShouldBe([(0, 1.0), (1, 3.0)]);
        ActivityTimeline pooled = HostActivity.Of([both, Of(Used((0, 10, 2, 0)))]).Input!.Timelines.Single();
        pooled.Socket.ShouldBeNull();
        pooled.Program[0].ShouldBe(3);
    }

    [Fact]
    public void A_rank_that_nobody_watched_has_a_part_only_while_no_other_runs()
    {
        HostActivity host = HostActivity.Of([null, Of(Used((0, 4, 1, 0), (4, 6, 0, 0)))]);
        ActivityTimeline all = host.Input!.Timelines.Single();
        host.ShareOf(0, all).ByPiece.ShouldBe([0, 0.5]);
        HostActivity none = HostActivity.Of([null, null]);
        none.Input.ShouldBeNull();
        none.ShareOf(1, null).ShouldBe(RankShare.Equal(2) with { ByPiece = none.ShareOf(1, null).ByPiece });
    }

    private static ActivityInput Of(ActivityTimeline timeline) => new([timeline], 4);

    private static ActivityTimeline Socket(int socket, double program)
    {
        ActivityTimeline.Builder builder = new(socket, 4);
        builder.Add(0, Ns(10), program, 0);
        return builder.Build();
    }
}
