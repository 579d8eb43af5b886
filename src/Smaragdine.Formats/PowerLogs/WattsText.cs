namespace Smaragdine.Formats.PowerLogs;

/// <summary>What a field of watts may hold.</summary>
internal static class WattsText
{
    /// <summary>A gigawatt: no machine takes more, and sums of much more would overflow.</summary>
    private const double Most = 1e9;

    /// <summary>For messages.</summary>
    public const string Expected = "watts, finite and not negative";

    public static bool IsPlausible(double watts) => watts is >= 0 and <= Most;
}
