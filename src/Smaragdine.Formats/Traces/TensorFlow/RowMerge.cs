using Smaragdine.Traces;

namespace Smaragdine.Formats.Traces.TensorFlow;

/// <summary>A span of a GPU, once.</summary>
internal readonly record struct GpuSpan(long Start, long End, int Operation, int Lane, bool Copy);

/// <summary>
/// TensorFlow lists a kernel in several rows (`stream:all`, `stream:13`, `memcpy`, …; tensorflow#17910). This counts each once: of equal spans
/// (start, end, name, type) there are as many as the fullest listing has, a listing being `stream:all`, `memcpy`, or all single streams
/// together. So twins on two streams stay two.
/// </summary>
internal static class RowMerge
{
    /// <summary>The listings. All rows of one count together, the larger of two listings holds.</summary>
    private enum Listing
    {
        Streams,
        ContextStreams,
        All,
        Copies,
    }

    private const int ListingCount = 4;

    private readonly record struct Entry(long Start, long End, int Name, int Type, Listing Listing, int Operation, int Lane, bool Copy)
        : IComparable<Entry>
    {
        public bool SameSpan(in Entry other) =>
            Start == other.Start && End == other.End && Name == other.Name && Type == other.Type;

        public int CompareTo(Entry other) =>
            (Start, End, Name, Type, Listing, Lane, Operation).CompareTo(
                (other.Start, other.End, other.Name, other.Type, other.Listing, other.Lane, other.Operation));
    }

    /// <summary>The spans of one GPU in one file.</summary>
    public static List<GpuSpan> Merge(IReadOnlyList<(DeviceRow Row, SpanTable Spans)> rows, OperationTable operations)
    {
        Entry[] entries = new Entry[rows.Sum(r => r.Spans.Count)];
        int filled = 0;
        foreach ((DeviceRow row, SpanTable spans) in rows)
        {
            for (int i = 0; i < spans.Count; i++)
            {
                int operation = Normalised(spans.Operations[i], operations);
                int name = operations.NameOf(operation);
                int type = operations.TypeOf(operation);
                entries[filled++] = new(
                    spans.Starts[i],
                    spans.Ends[i],
                    KeyOf(name, operations.Names),
                    type,
                    ListingOf(row.Kind),
                    operation,
                    row.Stream ?? spans.Lanes[i],
                    row.Copies || WaitingOperations.IsCopy(operations.Names[name], operations.Names[type]));
            }
        }

        Array.Sort(entries);
        List<GpuSpan> merged = new(filled / 2);
        for (int begin = 0; begin < filled;)
        {
            int end = begin + 1;
            while (end < filled && entries[end].SameSpan(entries[begin]))
            {
                end++;
            }

            AddGroup(entries.AsSpan(begin, end - begin), merged, operations);
            begin = end;
        }

        return merged;
    }

    /// <summary>
    /// timeline.py knows the annotations of some rows only: in the others the JSON has `name:op::kernel` as the name and `unknown` as the type.
    /// </summary>
    private static int Normalised(int operation, OperationTable operations)
    {
        NameTable names = operations.Names;
        if (operations.TypeOf(operation) != names.Unknown)
        {
            return operation;
        }

        (string name, string type) = Labels.ParseKernel("", names[operations.NameOf(operation)]);
        return operations.Intern(names.Intern(name), names.Intern(type), operations.InputsOf(operation).ToArray());
    }

    private static void AddGroup(ReadOnlySpan<Entry> group, List<GpuSpan> merged, OperationTable operations)
    {
        Span<int> counts = stackalloc int[ListingCount];
        Span<int> copies = stackalloc int[ListingCount];
        foreach (ref readonly Entry entry in group)
        {
            counts[(int)entry.Listing]++;
            copies[(int)entry.Listing] += entry.Copy ? 1 : 0;
        }

        int count = Max(counts);
        int copied = Math.Min(count, Max(copies));

        // Streams come first in the order: they know the lane. Where another listing holds more, its entries fill up the rest.
        int fullest = counts.IndexOf(count);
        ReadOnlySpan<Entry> chosen = counts[(int)Listing.Streams] + counts[(int)Listing.ContextStreams] == 0 || fullest <= (int)Listing.ContextStreams
            ? Of(group, (Listing)fullest)
            : group;
        for (int i = 0; i < count; i++)
        {
            Entry entry = chosen[i];
            int operation = operations.NameOf(entry.Operation) == entry.Name ? Longest(group, entry.Operation, operations) : entry.Operation;
            merged.Add(new(entry.Start, entry.End, operation, entry.Lane, Copy: i < copied));
        }
    }

    /// <summary>A kernel whose name one listing cut and another did not has the uncut one.</summary>
    private static int Longest(ReadOnlySpan<Entry> group, int operation, OperationTable operations)
    {
        foreach (ref readonly Entry entry in group)
        {
            if (operations.NameOf(entry.Operation) != entry.Name)
            {
                return entry.Operation;
            }
        }

        return operation;
    }

    private static ReadOnlySpan<Entry> Of(ReadOnlySpan<Entry> group, Listing listing)
    {
        int begin = 0;
        while (group[begin].Listing != listing)
        {
            begin++;
        }

        return group[begin..];
    }

    private static int Max(ReadOnlySpan<int> values)
    {
        int max = 0;
        foreach (int value in values)
        {
            max = Math.Max(max, value);
        }

        return max;
    }

    /// <summary>
    /// The name up to its first colon: timeline.py cuts a bare kernel's C++ name (`void Eigen::internal::…`) there in some rows and not in others.
    /// </summary>
    private static int KeyOf(int name, NameTable names)
    {
        ReadOnlySpan<byte> bytes = names.Bytes(name);
        int colon = bytes.IndexOf((byte)':');
        return colon < 0 ? name : names.Intern(bytes[..colon].ToArray());
    }

    private static Listing ListingOf(RowKind kind) => kind switch
    {
        RowKind.StreamAll => Listing.All,
        RowKind.Memcpy => Listing.Copies,
        RowKind.Stream => Listing.Streams,
        _ => Listing.ContextStreams,
    };
}
