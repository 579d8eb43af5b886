namespace Smaragdine.Formats.Traces.TensorFlow;

/// <summary>What was wrong with single spans: counted by kind, the first place kept; one warning for each kind, never one for each span.</summary>
internal sealed class Findings
{
    private readonly Dictionary<string, (long Count, string First)> kinds = [];

    /// <summary>Counts one more; true where it is the first of its kind, whose place <see cref="Place"/> then takes.</summary>
    public bool Count(string kind)
    {
        bool first = !kinds.TryGetValue(kind, out (long Count, string First) found);
        kinds[kind] = (found.Count + 1, found.First ?? "");
        return first;
    }

    public void Place(string kind, string place) => kinds[kind] = kinds[kind] with { First = place };

    public long this[string kind] => kinds.GetValueOrDefault(kind).Count;

    public IEnumerable<Warning> ToWarnings()
    {
        foreach ((string kind, (long count, string first)) in kinds.OrderBy(k => k.Key, StringComparer.Ordinal))
        {
            bool one = count == 1;
            string text = kind switch
            {
                NotANumber => $"{Spans(count)} without a start and duration that are finite numbers {Left(one)}",
                Negative => $"{Spans(count)} with a negative duration {Left(one)}",
                Overflow => $"{Spans(count)} whose time does not fit into 64 bits of nanoseconds {Left(one)}",
                Outlier => $"{Spans(count)} more than a day away from the rest of the file {Left(one)}",
                UnnamedRow => $"{Spans(count)} in rows that no `process_name` names, hence on unknown devices, {Left(one)}",
                UnknownDevice => $"{Spans(count)} on devices that are neither CPU nor GPU {Left(one)}",
                ControlCharacter => $"{count:N0} string{(one ? "" : "s")} held control characters that JSON wants escaped: they were read as spaces",
                _ => $"{count:N0} × {kind}",
            };
            yield return new(kind, $"{text}; first: {first}");
        }
    }

    public const string NotANumber = "span-time";
    public const string Negative = "span-negative";
    public const string Overflow = "span-overflow";
    public const string Outlier = "span-outlier";
    public const string UnnamedRow = "row-unnamed";
    public const string UnknownDevice = "row-unknown-device";
    public const string ControlCharacter = "json-control-character";

    private static string Spans(long count) => count == 1 ? "1 span" : $"{count:N0} spans";

    private static string Left(bool one) => one ? "is left out" : "are left out";
}
