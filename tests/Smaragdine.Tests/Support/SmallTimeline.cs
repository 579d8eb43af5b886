namespace Smaragdine.Tests.Support;

/// <summary>Small timelines as TensorFlow writes them.</summary>
public static class SmallTimeline
{
    /// <summary>2024-01-01T00:00:00Z in µs.</summary>
    public const long Epoch = 1_704_067_200_000_000;

    /// <summary>A timeline of one CPU row.</summary>
    public static string Cpu(params (string Name, string Type, long StartUs, long Us)[] spans) => Text(
        "/job:localhost/replica:0/task:0/device:CPU:0 Compute",
        string.Join(",", spans.Select(s => Event(s.Name, s.Type, $"{Epoch + s.StartUs}", $"{s.Us}"))));

    /// <summary>An event with times written as given.</summary>
    public static string Event(string name, string type, string ts, string dur) =>
        $$$"""{"ph":"X","cat":"Op","name":"{{{type}}}","pid":1,"tid":0,"ts":{{{ts}}},"dur":{{{dur}}},"args":{"name":"{{{name}}}","op":"{{{type}}}"}}""";

    /// <summary>A timeline of one row with these events.</summary>
    public static string Text(string row, string events) =>
        $$$"""{"traceEvents":[{"name":"process_name","ph":"M","pid":1,"args":{"name":"{{{row}}}"}},{{{events}}}]}""";

    /// <summary>A power log with a reading of `package-0` each millisecond.</summary>
    public static string PowerLog(double watts, int milliseconds, long startUs = Epoch - 2000) =>
        "unix_ns,domain,power_w\n" + string.Concat(Enumerable.Range(0, milliseconds)
            .Select(i => $"{(startUs * 1000) + (i * 1_000_000L)},package-0,{watts}\n"));
}
