using System.Net;
using System.Net.Sockets;
using Smaragdine.Cli.Serving;

namespace Smaragdine.Tests.Cli;

public sealed class PageServerTests : IDisposable
{
    private static readonly byte[] Html = "<!doctype html>"u8.ToArray();
    private static readonly byte[] Data = [31, 139, 8];

    private readonly PageServer server = PageServer.Start(Html, Data);
    private readonly CancellationTokenSource stop = new();
    private readonly Task serving;
    private readonly HttpClient client = new();

    public PageServerTests() => serving = Task.Run(() => server.Serve(stop.Token));

    [Fact]
    public async Task Page_and_data_are_at_the_address()
    {
        HttpResponseMessage page = await client.GetAsync(server.Address);
        page.StatusCode.ShouldBe(HttpStatusCode.OK);
        page.Content.Headers.ContentType!.MediaType.ShouldBe("text/html");
        (await page.Content.ReadAsByteArrayAsync()).ShouldBe(Html);
        (await client.GetByteArrayAsync(new Uri(server.Address, "data"))).ShouldBe(Data);
    }

    [Theory]
    [InlineData("/")]
    [InlineData("/data")]
    [InlineData("/../data")]
    public async Task Who_does_not_know_the_secret_gets_nothing(string path) =>
        (await client.GetAsync(new Uri(server.Address, path))).StatusCode.ShouldBe(HttpStatusCode.NotFound);

    [Fact]
    public async Task A_page_of_elsewhere_whose_name_resolves_here_gets_nothing()
    {
        using HttpRequestMessage request = new(HttpMethod.Get, server.Address) { Headers = { Host = $"evil.example:{server.Address.Port}" } };
        (await client.SendAsync(request)).IsSuccessStatusCode.ShouldBeFalse();
    }

    [Fact]
    public async Task Nothing_can_be_sent_to_it() =>
        (await client.PostAsync(server.Address, new ByteArrayContent([1]))).StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);

    [Fact]
    public async Task It_ends_when_told()
    {
        await stop.CancelAsync();
        await serving.WaitAsync(TimeSpan.FromSeconds(20));
    }

    [Fact]
    public void A_port_that_is_taken_is_told()
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        Should.Throw<RefusedInputException>(() => PageServer.Start(Html, Data, ((IPEndPoint)taken.LocalEndpoint).Port)).Message.ShouldContain("--port");
    }

    public void Dispose()
    {
        stop.Cancel();
        client.Dispose();
        server.Dispose();
        stop.Dispose();
    }
}
