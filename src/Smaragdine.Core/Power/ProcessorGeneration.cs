using System.Text.RegularExpressions;

namespace Smaragdine.Power;

/// <summary>A server processor's microarchitecture with the watts of one logical CPU at rest and under full load.</summary>
/// <remarks>The watts are Cloud Carbon Footprint's, derived from SPECpower results; they include the machine around the processor.</remarks>
public sealed partial record ProcessorGeneration(string Name, double IdleWatts, double FullWatts)
{
    /// <summary>Cloud Carbon Footprint's average over the processors of one large cloud: what is taken for a processor that is not recognised.</summary>
    public static ProcessorGeneration Default { get; } = new("average", 0.74, 3.5);

    private static readonly ProcessorGeneration[] Epyc =
        [new("EPYC 1st generation", 0.82, 2.55), new("EPYC 2nd generation", 0.47, 1.64), new("EPYC 3rd generation", 0.45, 1.87)];

    private static readonly ProcessorGeneration Skylake = new("Skylake", 0.64, 4.05);
    private static readonly ProcessorGeneration CascadeLake = new("Cascade Lake", 0.64, 3.80);
    private static readonly ProcessorGeneration Haswell = new("Haswell", 1.90, 5.99);
    private static readonly ProcessorGeneration Broadwell = new("Broadwell", 0.71, 3.54);

    /// <summary>Recognises a model string; null where its generation is not in the table.</summary>
    public static ProcessorGeneration? Of(string? cpuModel)
    {
        if (string.IsNullOrWhiteSpace(cpuModel))
        {
            return null;
        }

        // The fourth character of a 7000 number is its generation: 7571, 7R32, 7F52, 7B13, 7763, 72F3, 7V73X.
        if (EpycNumber().Match(cpuModel) is { Success: true } epyc)
        {
            return Epyc[epyc.Groups["generation"].Value[0] - '1'];
        }

        if (Scalable().Match(cpuModel) is { Success: true } scalable)
        {
            return scalable.Groups["generation"].Value == "1" ? Skylake : CascadeLake;
        }

        if (EVersion().Match(cpuModel) is { Success: true } version)
        {
            return version.Groups["generation"].Value == "3" ? Haswell : Broadwell;
        }

        // What hypervisors call their models: "Intel Xeon Processor (Cascadelake)", "AMD EPYC-Rome Processor".
        if (CodeName().Match(cpuModel) is { Success: true } name)
        {
            return name.Value.ToUpperInvariant() switch
            {
                "ROME" => Epyc[1],
                "MILAN" => Epyc[2],
                "SKYLAKE" => Skylake,
                "HASWELL" => Haswell,
                "BROADWELL" => Broadwell,
                _ => CascadeLake,
            };
        }

        return null;
    }

    [GeneratedRegex(@"\bEPYC 7[0-9A-Z]{2}(?<generation>[123])[A-Z]{0,2}\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex EpycNumber();

    [GeneratedRegex(@"\bXeon(?:\(R\))? (?:Platinum 8|Gold [56]|Silver 4|Bronze 3|W-2)(?<generation>[12])[0-9]{2}[A-Z]{0,2}\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex Scalable();

    [GeneratedRegex(@"\bE[57]-[0-9]{4}[A-Z]{0,2} v(?<generation>[34])\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture, matchTimeoutMilliseconds: 1000)]
    private static partial Regex EVersion();

    [GeneratedRegex(@"\b(?:Rome|Milan|Skylake|Cascade ?lake|Haswell|Broadwell)\b", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture | RegexOptions.IgnoreCase, matchTimeoutMilliseconds: 1000)]
    private static partial Regex CodeName();
}
