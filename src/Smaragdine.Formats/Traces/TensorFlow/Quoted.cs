using System.Globalization;
using System.Text;

namespace Smaragdine.Formats.Traces.TensorFlow;

/// <summary>A name out of a file, made fit for a message: short, on one line, without control characters.</summary>
internal static class Quoted
{
    private const int Longest = 80;

    /// <summary>`a\u0007b`, in backticks; what is long loses its middle.</summary>
    public static string Name(string name)
    {
        string shortened = name.Length <= Longest ? name : $"{name[..50]}…{name[^25..]}";
        StringBuilder text = new("`");
        foreach (char c in shortened)
        {
            if (char.IsControl(c) || char.IsSurrogate(c) || CharUnicodeInfo.GetUnicodeCategory(c) is UnicodeCategory.Format)
            {
                text.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:x4}");
            }
            else
            {
                text.Append(c);
            }
        }

        return text.Append('`').ToString();
    }
}
