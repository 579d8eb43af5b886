using System.Text;
using System.Text.Json.Nodes;
using Smaragdine.Cli;
using Smaragdine.Cli.Recorders;
using Smaragdine.Formats.Reports;

namespace Smaragdine.Tests.Support;

/// <summary>What a command line gave.</summary>
public sealed record CliResult(int Code, string Output, string Error)
{
    public string[] Lines => Output.TrimEnd('\n').Split('\n');
}

/// <summary>Runs command lines in this process.</summary>
public static class Cli
{
    public static CliResult Run(params string[] args) => Run(TextStyle.Plain, args);

    public static CliResult Run(TextStyle style, params string[] args)
    {
        using MemoryStream bytes = new();
        using StreamWriter output = new(bytes, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { NewLine = "\n" };
        using StringWriter error = new() { NewLine = "\n" };
        int code = CommandLine.Run(args, new(output, bytes, error, style, TimeZoneInfo.Utc));
        output.Flush();
        return new(code, Encoding.UTF8.GetString(bytes.ToArray()), error.ToString());
    }

    /// <summary>`record` with sensors of a test's own: the command line cannot name a stand-in for a driver.</summary>
    public static CliResult Record(RecordOptions options)
    {
        using MemoryStream bytes = new();
        using StreamWriter output = new(bytes);
        using StringWriter error = new() { NewLine = "\n" };
        int code = new Recorder(options, new(output, bytes, error, TextStyle.Plain, TimeZoneInfo.Utc)).Run();
        return new(code, "", error.ToString());
    }

    /// <summary>`report --format json`, parsed.</summary>
    public static JsonObject Json(params string[] args)
    {
        CliResult result = Run(["report", "--format", "json", .. args]);
        result.Code.ShouldBeOneOf([0, 3], result.Error);
        return JsonNode.Parse(result.Output)!.AsObject();
    }
}

/// <summary>A directory of this test's own, deleted after it.</summary>
public sealed class TempFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("smaragdine-test-").FullName;

    public string Write(string name, string text) => Write(name, Encoding.UTF8.GetBytes(text));

    public string Write(string name, byte[] bytes)
    {
        string path = At(name);
        Directory.CreateDirectory(System.IO.Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    public string At(string name) => System.IO.Path.Combine(Path, name);

    public void Dispose() => Directory.Delete(Path, recursive: true);
}
