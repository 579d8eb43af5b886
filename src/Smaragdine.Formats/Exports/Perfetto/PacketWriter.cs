using Google.Protobuf;

namespace Smaragdine.Formats.Exports.Perfetto;

/// <summary>Writes the packets of a Perfetto trace one by one; texts are written once, in the packet that first needs them.</summary>
/// <remarks>The messages are used again and again: millions of spans are written in the memory of one.</remarks>
internal sealed class PacketWriter : IDisposable
{
    /// <summary>All packets are of one writer, whose interned texts they share.</summary>
    private const uint Sequence = 1;

    private const uint InternedBeginAnew = 1;
    private const uint UsesInterned = 2;
    private const uint RealTime = 1;
    private const uint BootTime = 6;

    private readonly CodedOutputStream coded;
    private readonly long origin;
    private readonly Wire.TracePacket packet = new() { TrustedPacketSequenceId = Sequence };
    private readonly Wire.TrackEvent begin = new() { Type = Wire.TrackEvent.Types.Type.SliceBegin };
    private readonly Wire.TrackEvent end = new() { Type = Wire.TrackEvent.Types.Type.SliceEnd };
    private readonly Wire.TrackEvent counter = new() { Type = Wire.TrackEvent.Types.Type.Counter };
    private readonly Wire.InternedData fresh = new();
    private readonly InternTable categories;
    private readonly InternTable names;
    private readonly InternTable keys;
    private readonly InternTable texts;
    private ulong tracks;

    /// <param name="output">Where to; stays open.</param>
    /// <param name="first">The earliest time, ns: before 0 it becomes 0, since the format has no times before it.</param>
    /// <param name="unixTime">Times are Unix time: a reader may show them as such.</param>
    public PacketWriter(Stream output, long first, bool unixTime)
    {
        coded = new(output, leaveOpen: true);
        origin = Math.Min(0, first);
        categories = new(fresh.EventCategories);
        names = new(fresh.EventNames);
        keys = new(fresh.DebugAnnotationNames);
        texts = new(fresh.DebugAnnotationStringValues);
        if (unixTime)
        {
            // Times without a clock's name are boot time; that it equals real time says that they are Unix time.
            ulong now = Timestamp(first);
            packet.ClockSnapshot = new()
            {
                Clocks =
                {
                    new Wire.ClockSnapshot.Types.Clock { ClockId = BootTime, Timestamp = now },
                    new Wire.ClockSnapshot.Types.Clock { ClockId = RealTime, Timestamp = now },
                },
            };
        }

        packet.SequenceFlags = InternedBeginAnew;
        Write();
        packet.ClockSnapshot = null;
        packet.SequenceFlags = UsesInterned;
    }

    public ulong Category(string text) => categories.NumberOf(text);

    public ulong Name(string text) => names.NumberOf(text);

    public ulong Text(string text) => texts.NumberOf(text);

    /// <summary>An argument whose value is set later, as often as it is used.</summary>
    public Wire.DebugAnnotation Argument(string key) => new() { NameIid = keys.NumberOf(key) };

    /// <summary>A track that holds others, in the order of their ranks.</summary>
    public ulong Group(string name) => Describe(new() { Name = name, ChildOrdering = Wire.TrackDescriptor.Types.ChildOrder.Explicit }, null, 0);

    public ulong Track(string name, ulong group, int rank) => Describe(new() { Name = name }, group, rank);

    public ulong CounterTrack(string name, string unit, ulong group, int rank) => Describe(new() { Name = name, Counter = new() { UnitName = unit } }, group, rank);

    /// <summary>A slice from a time to another (ns), of a name and a category that are numbers of <see cref="Name"/> and <see cref="Category"/>.</summary>
    public void Slice(ulong track, long start, long stop, ulong name, ulong? category, IEnumerable<Wire.DebugAnnotation> arguments)
    {
        begin.TrackUuid = track;
        begin.NameIid = name;
        begin.CategoryIids.Clear();
        if (category is { } known)
        {
            begin.CategoryIids.Add(known);
        }

        begin.DebugAnnotations.Clear();
        begin.DebugAnnotations.AddRange(arguments);
        WriteEvent(start, begin);
        end.TrackUuid = track;
        WriteEvent(stop, end);
    }

    public void Counter(ulong track, long time, double value)
    {
        counter.TrackUuid = track;
        counter.DoubleCounterValue = value;
        WriteEvent(time, counter);
    }

    public void Dispose() => coded.Dispose();

    private ulong Describe(Wire.TrackDescriptor descriptor, ulong? parent, int rank)
    {
        descriptor.Uuid = ++tracks;
        if (parent is { } group)
        {
            descriptor.ParentUuid = group;
            descriptor.SiblingOrderRank = rank;
        }

        packet.TrackDescriptor = descriptor;
        Write();
        packet.TrackDescriptor = null;
        return tracks;
    }

    private void WriteEvent(long time, Wire.TrackEvent trackEvent)
    {
        packet.Timestamp = Timestamp(time);
        packet.TrackEvent = trackEvent;
        Write();
        packet.TrackEvent = null;
        packet.ClearTimestamp();
    }

    private void Write()
    {
        bool any = fresh.EventCategories.Count + fresh.EventNames.Count + fresh.DebugAnnotationNames.Count + fresh.DebugAnnotationStringValues.Count > 0;
        packet.InternedData = any ? fresh : null;
        coded.WriteTag(Wire.Trace.PacketFieldNumber, WireFormat.WireType.LengthDelimited);
        coded.WriteMessage(packet);
        if (any)
        {
            fresh.EventCategories.Clear();
            fresh.EventNames.Clear();
            fresh.DebugAnnotationNames.Clear();
            fresh.DebugAnnotationStringValues.Clear();
        }
    }

    private ulong Timestamp(long nanoseconds) => (ulong)(nanoseconds - origin);

    /// <summary>Texts of one kind by number; new ones wait to be written.</summary>
    private sealed class InternTable(Google.Protobuf.Collections.RepeatedField<Wire.InternedName> fresh)
    {
        private readonly Dictionary<string, ulong> numbers = new(StringComparer.Ordinal);

        public ulong NumberOf(string text)
        {
            if (!numbers.TryGetValue(text, out ulong number))
            {
                numbers.Add(text, number = (ulong)numbers.Count + 1);
                fresh.Add(new Wire.InternedName { Iid = number, Name = text });
            }

            return number;
        }
    }
}
