using System.CommandLine;
using System.Runtime.InteropServices;
using Smaragdine.Cli.Reporting;
using Smaragdine.Cli.Serving;
using Smaragdine.Formats.Reports;
using Smaragdine.Formats.Reports.Html;

namespace Smaragdine.Cli.Commands;

/// <summary>`smaragdine open`: the HTML report in the browser, from a server on this machine's loopback address.</summary>
internal static class OpenCommand
{
    /// <summary>Spans that a browser still draws: the page is fetched, not stored.</summary>
    private const int MostSpans = 2_000_000;

    public static Command Create(CliConsole console)
    {
        ReportArguments arguments = new();
        Option<string?> compared = new("--base") { Description = "a recording or trace to show differences from", HelpName = "PATH" };
        Option<int> port = new("--port") { Description = "port on 127.0.0.1 (default: any that is free)", HelpName = "PORT" };
        Option<bool> noBrowser = new("--no-browser") { Description = "only say where the page is" };
        Command command = new("open", "The report in the browser.");
        arguments.AddTo(command);
        foreach (Option option in new Option[] { compared, port, noBrowser })
        {
            command.Options.Add(option);
        }

        command.SetAction(parsed => (int)Run(
            arguments.Bind(parsed, console),
            ReportArguments.NotEmpty(parsed.GetValue(compared), "--base"),
            parsed.GetValue(port) is >= 0 and <= 65535 and int given ? given : throw new UsageException($"--port {parsed.GetValue(port)}: expected 0 to 65535"),
            !parsed.GetValue(noBrowser),
            console));
        return command;
    }

    private static ExitCode Run(ReportOptions options, string? compared, int port, bool browse, CliConsole console)
    {
        PageData page = ReportPages.Of(options, compared, console.LocalZone, MostSpans);
        using MemoryStream html = new();
        HtmlReport.WriteServed(page.Report, "data", html);
        using MemoryStream data = new();
        HtmlReport.WriteData(page, data);
        foreach (Warning warning in page.Report.Warnings)
        {
            console.Error.WriteLine($"warning: {Printable.Text(warning.Text)}");
        }

        using PageServer server = PageServer.Start(html.ToArray(), data.ToArray(), port);
        using CancellationTokenSource stop = new();
        using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
        using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
        console.Output.WriteLine(server.Address);
        console.Output.Flush();
        bool opened = browse && Browser.TryOpen(server.Address);
        console.Error.WriteLine(opened || !browse ? "Ctrl-C ends it." : "No browser was found here: open this address in one. Ctrl-C ends it.");
        server.Serve(stop.Token);
        return page.Report.Warnings.Any(w => w.Incomplete) ? ExitCode.Incomplete : ExitCode.Fine;

        void Stop(PosixSignalContext context)
        {
            context.Cancel = true;
            stop.Cancel();
        }
    }
}
