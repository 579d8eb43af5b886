using Smaragdine.Attribution;
using Smaragdine.Footprints;
using Smaragdine.Traces;
using Smaragdine.Units;

namespace Smaragdine.Formats.Exports.Perfetto;

/// <summary>A device's spans as slices: named by operation, of their pass's category, with energy, module and the rest as arguments.</summary>
internal sealed class SpanSlices
{
    /// <summary>Numbers of an operation's texts; 0 before they were asked for.</summary>
    private record struct Texts(ulong Name, ulong Category, ulong Operation, ulong Module, ulong Pass, ulong Type, ulong Quality, ulong Flags);

    private readonly PacketWriter packets;
    private readonly DeviceTrace trace;
    private readonly OperationRow?[] rows;
    private readonly LaneTracks lanes;
    private readonly Texts[] texts;
    private readonly List<Wire.DebugAnnotation> arguments = [];
    private readonly Wire.DebugAnnotation energy;
    private readonly Wire.DebugAnnotation quality;
    private readonly Wire.DebugAnnotation operation;
    private readonly Wire.DebugAnnotation module;
    private readonly Wire.DebugAnnotation pass;
    private readonly Wire.DebugAnnotation type;
    private readonly Wire.DebugAnnotation flags;
    private readonly Wire.DebugAnnotation step;
    private readonly Wire.DebugAnnotation cut;

    /// <param name="packets">Where to.</param>
    /// <param name="trace">The spans.</param>
    /// <param name="rows">By operation of the trace; null for one that is left out.</param>
    /// <param name="lanes">Where they are drawn.</param>
    public SpanSlices(PacketWriter packets, DeviceTrace trace, OperationRow?[] rows, LaneTracks lanes)
    {
        this.packets = packets;
        this.trace = trace;
        this.rows = rows;
        this.lanes = lanes;
        texts = new Texts[rows.Length];
        energy = packets.Argument("energy_j");
        quality = packets.Argument("quality");
        operation = packets.Argument("operation");
        module = packets.Argument("module");
        pass = packets.Argument("pass");
        type = packets.Argument("type");
        flags = packets.Argument("flags");
        step = packets.Argument("step");
        cut = packets.Argument("cut_at_step");
        cut.BoolValue = true;
    }

    /// <summary>Writes the spans of one step's window.</summary>
    public void Write(int number, SpanShares shares)
    {
        step.IntValue = number;
        for (int i = 0; i < shares.Count; i++)
        {
            int span = shares.Span(i);
            int index = trace.Spans.Operations[span];
            if (rows[index] is not { } row)
            {
                continue;
            }

            Texts own = TextsOf(index, row);
            arguments.Clear();
            if (row.Energy is not null && shares.Joules(i) is { } joules)
            {
                energy.DoubleValue = joules;
                quality.StringValueIid = own.Quality;
                arguments.Add(energy);
                arguments.Add(quality);
            }

            operation.StringValueIid = own.Operation;
            module.StringValueIid = own.Module;
            pass.StringValueIid = own.Pass;
            type.StringValueIid = own.Type;
            arguments.AddRange([operation, module, pass, type, step]);
            if (own.Flags > 0)
            {
                flags.StringValueIid = own.Flags;
                arguments.Add(flags);
            }

            long start = shares.Start(i);
            long end = shares.End(i);
            if (start > trace.Spans.Starts[span] || end < trace.Spans.Ends[span])
            {
                arguments.Add(cut);
            }

            packets.Slice(lanes.TrackOf(trace.Spans.Lanes[span], start, end), start, end, own.Name, own.Category, arguments);
        }
    }

    private Texts TextsOf(int index, OperationRow row)
    {
        if (texts[index].Name == 0)
        {
            texts[index] = new(
                packets.Name(OperationLeaf.Of(row.Name, row.Module)), packets.Category(row.Pass.Name()), packets.Text(row.Name), packets.Text(row.Module),
                packets.Text(row.Pass.Name()), packets.Text(row.Type), row.Quality is { } known ? packets.Text(known.Name()) : 0,
                row.Flags.Count > 0 ? packets.Text(string.Join(';', row.Flags)) : 0);
        }

        return texts[index];
    }
}
