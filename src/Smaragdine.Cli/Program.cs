using System.Text;
using Smaragdine.Cli;
using Smaragdine.Cli.Live;
using Smaragdine.Formats.Reports;

using Stream stdout = StandardStreams.OpenOutput();
using StreamWriter output = new(stdout, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false), bufferSize: 1 << 16) { AutoFlush = false };
using TextWriter error = TextWriter.Synchronized(new StreamWriter(StandardStreams.OpenError(), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false)) { AutoFlush = true });
bool terminal = !Console.IsOutputRedirected;
bool color = terminal && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")) && Environment.GetEnvironmentVariable("TERM") is not "dumb";
TextStyle style = new(color, Bars: terminal, terminal ? Math.Clamp(TerminalWidth(), 80, 100) : 100);
try
{
    int code = CommandLine.Run(args, new(output, stdout, error, style, TimeZoneInfo.Local));
    output.Flush();
    return code;
}
catch (Exception e) when (e is IOException or UnauthorizedAccessException)
{
    // The reader of our output went away (`| head`), the disk is full, or there is no standard output (`>&-`).
    Complain(error, $"smaragdine: the output could not be written: {e.Message}");
    // What is left in the buffer cannot be written either: leaving by the usual way would try, and fail again.
    Environment.Exit((int)ExitCode.Refused);
    return (int)ExitCode.Refused;
}

static void Complain(TextWriter error, string message)
{
    try
    {
        error.WriteLine(message);
    }
    catch (Exception e) when (e is IOException or UnauthorizedAccessException)
    {
        // Nobody is left to be told.
    }
}

static int TerminalWidth()
{
    if (OperatingSystem.IsLinux())
    {
        return Terminal.Size?.Columns ?? 100;
    }

    try
    {
        return Console.WindowWidth > 0 ? Console.WindowWidth : 100;
    }
    catch (IOException)
    {
        return 100;
    }
}
