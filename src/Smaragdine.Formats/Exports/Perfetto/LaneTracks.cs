namespace Smaragdine.Formats.Exports.Perfetto;

/// <summary>
/// The tracks of a device's lanes. On one track a slice that begins within another must end within it; spans of one lane may overlap anyhow
/// (a trace's lanes are rows that were packed), so each goes to the first track of its lane that is free.
/// </summary>
internal sealed class LaneTracks(PacketWriter packets, ulong group, int firstRank)
{
    private const int MostOfALane = 1000;

    private readonly Dictionary<int, Lane> lanes = [];

    /// <summary>One lane: its tracks by number, and which of them are free or busy until when. Finding one costs the logarithm of their number.</summary>
    private sealed class Lane
    {
        public List<ulong> Tracks { get; } = [];

        public PriorityQueue<int, int> Free { get; } = new();

        public PriorityQueue<int, long> Busy { get; } = new();
    }

    /// <summary>The track of a span; spans come in the order of their starts.</summary>
    public ulong TrackOf(int number, long start, long end)
    {
        if (!lanes.TryGetValue(number, out Lane? lane))
        {
            lanes.Add(number, lane = new());
        }

        while (lane.Busy.TryPeek(out int done, out long until) && until <= start)
        {
            lane.Busy.Dequeue();
            lane.Free.Enqueue(done, done);
        }

        if (!lane.Free.TryDequeue(out int track, out _))
        {
            track = lane.Tracks.Count;
            int rank = firstRank + (Math.Clamp(number, 0, int.MaxValue / MostOfALane / 2) * MostOfALane) + Math.Min(track, MostOfALane - 1);
            lane.Tracks.Add(packets.Track($"lane {number}{(track > 0 ? $" ({track + 1})" : "")}", group, rank));
        }

        lane.Busy.Enqueue(track, end);
        return lane.Tracks[track];
    }
}
