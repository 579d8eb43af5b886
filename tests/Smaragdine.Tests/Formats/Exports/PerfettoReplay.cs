using Google.Protobuf;
using Smaragdine.Formats.Exports.Perfetto.Wire;

namespace Smaragdine.Tests.Formats.Exports;

/// <summary>
/// What Perfetto makes of a trace, by its documented rules: packets of a sequence see its interned texts from their packet on; events are sorted by
/// time (those of one time stay in order); on a track an end closes what began last.
/// </summary>
internal sealed class PerfettoReplay
{
    public sealed record Track(string Name, ulong? Parent, bool IsCounter, string Unit, int Rank);

    public sealed record Slice(ulong Track, ulong Start, ulong End, string Name, string Category, IReadOnlyDictionary<string, object> Arguments, int Depth)
    {
        public double? Joules => Arguments.TryGetValue("energy_j", out object? joules) ? (double)joules : null;
    }

    public Dictionary<ulong, Track> Tracks { get; } = [];

    public List<Slice> Slices { get; } = [];

    /// <summary>By track: time and value.</summary>
    public Dictionary<ulong, List<(ulong Time, double Value)>> Counters { get; } = [];

    /// <summary>By clock's number.</summary>
    public Dictionary<uint, ulong> Clocks { get; } = [];

    public int Packets { get; private set; }

    public PerfettoReplay(byte[] trace)
    {
        Trace parsed = Trace.Parser.ParseFrom(trace);
        parsed.CalculateSize().ShouldBe(trace.Length, "fields that the proto does not name");
        Packets = parsed.Packet.Count;
        Dictionary<ulong, string>? categories = null;
        Dictionary<ulong, string> names = [];
        Dictionary<ulong, string> keys = [];
        Dictionary<ulong, string> texts = [];
        List<(ulong Time, TrackEvent Event, string? Name, string Category, Dictionary<string, object> Arguments)> events = [];
        foreach (TracePacket packet in parsed.Packet)
        {
            packet.TrustedPacketSequenceId.ShouldBe(1u);
            if ((packet.SequenceFlags & 1) != 0)
            {
                categories = [];
            }

            categories.ShouldNotBeNull("the first packet must clear the state, or Perfetto drops those that need it");
            foreach (InternedName text in packet.InternedData?.EventCategories ?? [])
            {
                categories.Add(text.Iid, text.Name);
            }

            foreach ((Dictionary<ulong, string> table, IEnumerable<InternedName> fresh) in new (Dictionary<ulong, string>, IEnumerable<InternedName>)[]
            {
                (names, packet.InternedData?.EventNames ?? []), (keys, packet.InternedData?.DebugAnnotationNames ?? []),
                (texts, packet.InternedData?.DebugAnnotationStringValues ?? []),
            })
            {
                foreach (InternedName text in fresh)
                {
                    table.Add(text.Iid, text.Name);
                }
            }

            foreach (ClockSnapshot.Types.Clock clock in packet.ClockSnapshot?.Clocks ?? [])
            {
                Clocks.Add(clock.ClockId, clock.Timestamp);
            }

            if (packet.TrackDescriptor is { } track)
            {
                track.Uuid.ShouldNotBe(0ul);
                Tracks.Add(track.Uuid, new(track.Name, track.HasParentUuid ? track.ParentUuid : null, track.Counter is not null, track.Counter?.UnitName ?? "", track.SiblingOrderRank));
            }

            if (packet.TrackEvent is { } happened)
            {
                packet.HasTimestamp.ShouldBeTrue();
                (packet.SequenceFlags & 2).ShouldBe(2u);
                events.Add((
                    packet.Timestamp, happened, happened.HasNameIid ? names[happened.NameIid] : null, string.Join(',', happened.CategoryIids.Select(c => categories[c])),
                    happened.DebugAnnotations.ToDictionary(a => keys[a.NameIid], a => a.ValueCase switch
                    {
                        DebugAnnotation.ValueOneofCase.DoubleValue => (object)a.DoubleValue,
                        DebugAnnotation.ValueOneofCase.IntValue => a.IntValue,
                        DebugAnnotation.ValueOneofCase.BoolValue => a.BoolValue,
                        _ => texts[a.StringValueIid],
                    })));
            }
        }

        Replay(events);
    }

    /// <summary>The track's group.</summary>
    public string GroupOf(ulong track) => Tracks[Tracks[track].Parent!.Value].Name;

    public IEnumerable<Slice> Of(string group, Func<string, bool> track) => Slices.Where(s => GroupOf(s.Track) == group && track(Tracks[s.Track].Name));

    /// <summary>Spans: what is drawn on a device's lanes.</summary>
    public IEnumerable<Slice> Spans(string group) => Of(group, t => t.StartsWith("lane ", StringComparison.Ordinal));

    private void Replay(List<(ulong Time, TrackEvent Event, string? Name, string Category, Dictionary<string, object> Arguments)> events)
    {
        Dictionary<ulong, Stack<(ulong Start, string Name, string Category, Dictionary<string, object> Arguments)>> open = [];
        events.Select(e => e.Event.TrackUuid).Distinct().ShouldAllBe(t => Tracks.ContainsKey(t));
        foreach ((ulong time, TrackEvent happened, string? name, string category, Dictionary<string, object> arguments) in events.OrderBy(e => e.Time))
        {
            if (happened.Type is TrackEvent.Types.Type.Counter)
            {
                Tracks[happened.TrackUuid].IsCounter.ShouldBeTrue();
                (Counters.TryGetValue(happened.TrackUuid, out List<(ulong, double)>? list) ? list : Counters[happened.TrackUuid] = []).Add((time, happened.DoubleCounterValue));
                continue;
            }

            Tracks[happened.TrackUuid].IsCounter.ShouldBeFalse();
            if (!open.TryGetValue(happened.TrackUuid, out Stack<(ulong Start, string Name, string Category, Dictionary<string, object> Arguments)>? stack))
            {
                open.Add(happened.TrackUuid, stack = []);
            }

            if (happened.Type is TrackEvent.Types.Type.SliceBegin)
            {
                stack.Push((time, name ?? throw new ShouldAssertException("a slice without a name"), category, arguments));
            }
            else
            {
                happened.Type.ShouldBe(TrackEvent.Types.Type.SliceEnd);
                (ulong start, string began, string of, Dictionary<string, object> with) = stack.Pop();
                Slices.Add(new(happened.TrackUuid, start, time, began, of, with, stack.Count));
            }
        }

        open.Values.ShouldAllBe(s => s.Count == 0, "a slice without an end");
    }
}
