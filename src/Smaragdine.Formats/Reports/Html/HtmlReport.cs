using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;
using System.Text;

namespace Smaragdine.Formats.Reports.Html;

/// <summary>
/// The page that shows a report (docs/report.md): one HTML file built from web/, with the data in it (gzip, base64) or fetched from beside it. It asks
/// nothing of a network: its content security policy forbids it.
/// </summary>
public static class HtmlReport
{
    private const string DataToken = "%SMARAGDINE_DATA%";
    private const string ConnectToken = "%SMARAGDINE_CONNECT%";
    private const string TitleToken = "%SMARAGDINE_TITLE%";

    /// <summary>Writes the page with its data in it.</summary>
    public static void Write(PageData page, Stream output) => Write(output, Title(page.Report), "'none'", () =>
    {
        // The transform ends with the stream that it is in, which must not end the output.
        using CryptoStream base64 = new(output, new ToBase64Transform(), CryptoStreamMode.Write, leaveOpen: true);
        WriteData(page, base64);
    });

    /// <summary>Writes the page without data, for a server that has it at <paramref name="address"/>.</summary>
    /// <param name="address">Relative to the page: `data`.</param>
    public static void WriteServed(Report report, string address, Stream output) =>
        Write(output, Title(report), "'self'", () => output.Write(Encoding.UTF8.GetBytes($"src:{WebUtility.HtmlEncode(address)}")));

    /// <summary>Writes what the page reads: its JSON, gzipped.</summary>
    public static void WriteData(PageData page, Stream output)
    {
        using GZipStream gzip = new(output, CompressionLevel.Optimal, leaveOpen: true);
        PageJson.Write(page, gzip);
    }

    private static void Write(Stream output, string title, string connect, Action data)
    {
        string template = Template();
        int at = template.IndexOf(DataToken, StringComparison.Ordinal);
        output.Write(Encoding.UTF8.GetBytes(Fill(template[..at], title, connect)));
        data();
        output.Write(Encoding.UTF8.GetBytes(Fill(template[(at + DataToken.Length)..], title, connect)));
    }

    private static string Fill(string part, string title, string connect) => part
        .Replace(ConnectToken, connect, StringComparison.Ordinal)
        .Replace(TitleToken, WebUtility.HtmlEncode(title), StringComparison.Ordinal);

    private static string Title(Report report) => $"{Printable.Text(report.Recording.Model ?? Path.GetFileName(report.Recording.Path.TrimEnd('/')))} · Smaragdine";

    private static string Template()
    {
        using Stream stream = typeof(HtmlReport).Assembly.GetManifestResourceStream("page.html")
            ?? throw new InvalidOperationException("the page is not built into this program");
        using StreamReader reader = new(stream, Encoding.UTF8);
        return reader.ReadToEnd();
    }
}
