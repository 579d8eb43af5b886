using System.Globalization;
using System.Text;
using Smaragdine.Formats.Exports.Stacks;
using Smaragdine.Formats.Reports;

namespace Smaragdine.Formats.Exports;

/// <summary>What the widths of a flame graph stand for.</summary>
public enum FoldedValue
{
    /// <summary>Microjoules; operations without power are left out.</summary>
    Energy,

    /// <summary>Nanoseconds: the sum of the spans' durations.</summary>
    Time,
}

/// <summary>
/// Folded stacks, a line each, as flamegraph.pl and what follows it read them: `device;module;…;operation value`, values whole microjoules or
/// nanoseconds. Frames are UTF-8 with `;`, `%`, white space, control and format characters as `%XX` of their bytes.
/// </summary>
public static class FoldedExport
{
    /// <param name="report">What to write.</param>
    /// <param name="value">What the numbers are.</param>
    /// <param name="byPass">With the pass as a frame beneath the device.</param>
    /// <param name="output">Where to.</param>
    public static void Write(Report report, FoldedValue value, bool byPass, Stream output)
    {
        using StreamWriter writer = new(output, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), leaveOpen: true);
        IReadOnlyList<StackFrame>? holders = null;
        string prefix = "";
        WholeUnits units = default;
        foreach (StackSample sample in StackSamples.Of(report, byPass))
        {
            double? amount = value is FoldedValue.Energy ? sample.Joules * 1e6 : sample.Seconds * 1e9;
            long whole = amount is { } exact ? units.Next(exact) : 0;
            if (whole == 0)
            {
                continue;
            }

            if (!ReferenceEquals(holders, sample.Holders))
            {
                holders = sample.Holders;
                prefix = string.Concat(holders.Select(f => Escape(f.Name) + ';'));
            }

            writer.Write(prefix);
            writer.Write(Escape(sample.Leaf.Name));
            writer.Write(' ');
            writer.Write(whole.ToString(CultureInfo.InvariantCulture));
            writer.Write('\n');
        }
    }

    private static string Escape(string frame)
    {
        StringBuilder? escaped = null;
        int done = 0;
        Span<byte> bytes = stackalloc byte[4];
        foreach (Rune rune in frame.EnumerateRunes())
        {
            if (rune.Value is ';' or '%' || Rune.IsWhiteSpace(rune) || Rune.GetUnicodeCategory(rune) is UnicodeCategory.Control or UnicodeCategory.Format)
            {
                escaped ??= new(frame, 0, done, frame.Length + 16);
                foreach (byte part in bytes[..rune.EncodeToUtf8(bytes)])
                {
                    escaped.Append('%').Append(part.ToString("X2", CultureInfo.InvariantCulture));
                }
            }
            else
            {
                escaped?.Append(rune);
            }

            done += rune.Utf16SequenceLength;
        }

        return escaped?.ToString() ?? (frame.Length > 0 ? frame : "(nameless)");
    }
}
