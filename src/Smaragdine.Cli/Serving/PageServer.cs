using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;

namespace Smaragdine.Cli.Serving;

/// <summary>Serves one page and its data to a browser on this machine. The address holds a secret: other users of the machine may not read the recording.</summary>
internal sealed class PageServer : IDisposable
{
    private readonly HttpListener listener;
    private readonly Dictionary<string, (string Type, byte[] Body)> files;

    private PageServer(HttpListener listener, Uri address, byte[] page, byte[] data)
    {
        this.listener = listener;
        Address = address;
        files = new(StringComparer.Ordinal)
        {
            [address.AbsolutePath] = ("text/html; charset=utf-8", page),
            [$"{address.AbsolutePath}data"] = ("application/octet-stream", data),
        };
    }

    /// <summary>Where the page is: `http://127.0.0.1:41873/3f…/`.</summary>
    public Uri Address { get; }

    /// <summary>Starts listening on the loopback address.</summary>
    /// <param name="page">HTML that fetches `data`.</param>
    /// <param name="data">What it fetches.</param>
    /// <param name="port">Port; 0 for any that is free.</param>
    /// <exception cref="RefusedInputException">the port is taken.</exception>
    public static PageServer Start(byte[] page, byte[] data, int port = 0)
    {
        string secret = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));
        for (int attempt = 0; ; attempt++)
        {
            Uri address = new($"http://127.0.0.1:{(port == 0 ? FreePort() : port).ToString(CultureInfo.InvariantCulture)}/{secret}/");
            HttpListener open = new();

            // The prefix names the host: a page of elsewhere that has its name resolve to this address is turned away.
            open.Prefixes.Add(address.ToString());
            try
            {
                open.Start();
                return new(open, address, page, data);
            }
            catch (HttpListenerException e)
            {
                open.Close();
                if (port != 0 || attempt == 3)
                {
                    throw new RefusedInputException($"port {address.Port} on 127.0.0.1 cannot be listened on: {e.Message}; name another with `--port`", e);
                }
            }
        }
    }

    /// <summary>Answers until told to stop.</summary>
    public void Serve(CancellationToken stop)
    {
        using CancellationTokenRegistration registration = stop.Register(listener.Stop);
        while (!stop.IsCancellationRequested)
        {
            HttpListenerContext context;
            try
            {
                context = listener.GetContext();
            }
            catch (Exception e) when (e is HttpListenerException or ObjectDisposedException or InvalidOperationException && stop.IsCancellationRequested)
            {
                return;
            }

            // One slow reader must not keep another from being answered.
            _ = Task.Run(() => Answer(context), CancellationToken.None);
        }
    }

    public void Dispose() => listener.Close();

    private void Answer(HttpListenerContext context)
    {
        try
        {
            HttpListenerResponse response = context.Response;
            response.Headers["X-Content-Type-Options"] = "nosniff";
            response.Headers["Cache-Control"] = "no-store";
            response.Headers["Referrer-Policy"] = "no-referrer";
            if (context.Request.HttpMethod is not ("GET" or "HEAD"))
            {
                response.StatusCode = 405;
            }
            else if (files.TryGetValue(context.Request.Url?.AbsolutePath ?? "", out (string Type, byte[] Body) file))
            {
                response.ContentType = file.Type;
                response.ContentLength64 = file.Body.Length;
                if (context.Request.HttpMethod == "GET")
                {
                    response.OutputStream.Write(file.Body);
                }
            }
            else
            {
                response.StatusCode = 404;
            }

            response.Close();
        }
        catch (Exception e) when (e is HttpListenerException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            // The browser went away in the middle: it knows.
            context.Response.Abort();
        }
    }

    private static int FreePort()
    {
        using TcpListener probe = new(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
