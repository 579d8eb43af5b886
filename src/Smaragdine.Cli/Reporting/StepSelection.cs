using System.Globalization;

namespace Smaragdine.Cli.Reporting;

/// <summary>Reads `--steps`: numbers and inclusive ranges, `1,3..8`.</summary>
public static class StepSelection
{
    /// <summary>More steps than this in one range is a slip of the keyboard.</summary>
    private const int Most = 10_000_000;

    /// <exception cref="UsageException">it is neither.</exception>
    public static IReadOnlySet<int> Parse(string text)
    {
        HashSet<int> steps = [];
        foreach (string part in text.Split(','))
        {
            string[] ends = part.Trim().Split("..");
            if (ends.Length > 2 || !TryNumber(ends[0], out int first) || !TryNumber(ends[^1], out int last) || last < first || last - first > Most)
            {
                throw new UsageException($"--steps {text}: expected numbers and inclusive ranges, such as `3..8` or `1,4..6`");
            }

            for (int step = first; step <= last; step++)
            {
                steps.Add(step);
            }
        }

        return steps;
    }

    private static bool TryNumber(string text, out int number) =>
        int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
}
