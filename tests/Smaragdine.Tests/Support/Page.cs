using System.IO.Compression;
using System.Text.Json.Nodes;

namespace Smaragdine.Tests.Support;

/// <summary>What a page of the HTML report holds.</summary>
public static class Page
{
    /// <summary>The data within it.</summary>
    public static JsonObject DataOf(string html)
    {
        // The builder of the page may leave out quotes.
        int element = html.IndexOf("smaragdine-data", StringComparison.Ordinal);
        element.ShouldBePositive("the page has no data");
        int start = html.IndexOf('>', element) + 1;
        string text = html[start..html.IndexOf("</script>", start, StringComparison.Ordinal)];
        using GZipStream gzip = new(new MemoryStream(Convert.FromBase64String(text)), CompressionMode.Decompress);
        return JsonNode.Parse(gzip)!.AsObject();
    }
}
