using Smaragdine.Formats.Reports;
using Smaragdine.Formats.Reports.Html;

namespace Smaragdine.Cli.Reporting;

/// <summary>What the HTML report shows of a recording.</summary>
internal static class ReportPages
{
    /// <param name="options">The recording, and what of it.</param>
    /// <param name="compared">Another recording, to show differences from; null for none.</param>
    /// <param name="localZone">The user's.</param>
    /// <param name="spans">Spans that its timelines may have in all.</param>
    public static PageData Of(ReportOptions options, string? compared, TimeZoneInfo localZone, int spans = PageData.SpansInAFile)
    {
        AccountedRecording reported = ReportPipeline.Account(options, localZone);

        // A power log given by hand is this recording's, not the other one's.
        Report? other = compared is null ? null : ReportPipeline.Run(options with { Path = compared, PowerLog = null }, localZone);
        return PageData.Of(reported.Report, reported.Powered.Recording.Trace, reported.Powered.Power.Devices, spans) with { Base = other };
    }
}
