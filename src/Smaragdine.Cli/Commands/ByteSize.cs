using System.Globalization;

namespace Smaragdine.Cli.Commands;

/// <summary>Sizes as people write them: `500M`, `8G`, `1000`.</summary>
internal static class ByteSize
{
    /// <exception cref="UsageException">it is no size.</exception>
    public static long Parse(string text)
    {
        string number = text.Trim().TrimEnd('B', 'b').TrimEnd('i');
        int shift = number.Length == 0 ? 0 : char.ToUpperInvariant(number[^1]) switch
        {
            'K' => 10,
            'M' => 20,
            'G' => 30,
            'T' => 40,
            _ => 0,
        };
        number = shift > 0 ? number[..^1] : number;
        if (long.TryParse(number, NumberStyles.None, CultureInfo.InvariantCulture, out long value) && value > 0 && value <= long.MaxValue >> shift)
        {
            return value << shift;
        }

        throw new UsageException($"--max-size {text}: expected a size such as 500M or 8G");
    }
}
