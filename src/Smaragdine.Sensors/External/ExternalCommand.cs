using System.Globalization;
using System.Text;
using Smaragdine.Power;
using Smaragdine.Sensors.Sampling;
using Smaragdine.Units;

namespace Smaragdine.Sensors.External;

/// <summary>One sensor command while it runs: reads its lines on a thread of its own, and says once what is wrong with them.</summary>
internal sealed class ExternalCommand
{
    private const int LongestLine = 4096;

    /// <summary>So many lines of one domain in one piece: they waited in a buffer, and the time at which they are read is not theirs.</summary>
    private const int LinesOfABuffer = 8;

    /// <summary>What a reading's lines take to come, one after another.</summary>
    private const long QuietNs = 200_000_000;

    /// <summary>A command that complains for ever must not fill the terminal.</summary>
    private const int MostMessages = 10;

    private readonly ShellCommand shell;
    private readonly ISamplingClock clock;
    private readonly Func<ExternalCommand, ExternalReading, long, string?> take;
    private readonly Action<string> say;
    private readonly SourceRemarks remarks = new();
    private readonly HashSet<string> said = new(StringComparer.Ordinal);
    private readonly Dictionary<Domain, int> inOnePiece = [];
    private readonly Thread reader;
    private readonly Thread listener;
    private readonly long startNs;
    private long lines;
    private long leftOut;
    private long readings;
    private long newestDomainNs;
    private volatile bool cycled;
    private volatile bool ended;
    private volatile bool stopping;

    /// <param name="command">For `/bin/sh -c`.</param>
    /// <param name="clock">Stamps the lines.</param>
    /// <param name="take">Takes a reading and when it was read, ns of the monotonic clock; says why it cannot be used, null where it is.</param>
    /// <param name="say">Takes messages, on any thread.</param>
    /// <exception cref="IOException">it cannot be started.</exception>
    public ExternalCommand(string command, ISamplingClock clock, Func<ExternalCommand, ExternalReading, long, string?> take, Action<string> say)
    {
        this.clock = clock;
        this.take = take;
        this.say = say;
        Name = FirstWord(command);
        startNs = clock.MonotonicNs();
        shell = ShellCommand.Start(command);
        reader = new(Read, maxStackSize: 512 * 1024) { IsBackground = true, Name = $"sensor command {Name}" };
        listener = new(Listen, maxStackSize: 512 * 1024) { IsBackground = true, Name = $"messages of {Name}" };
        listener.Start();
        reader.Start();
    }

    /// <summary>Its first word: arguments may hold secrets.</summary>
    public string Name { get; }

    public string Source => remarks.Source ?? $"command {Name}";

    public Quality Quality => remarks.Quality;

    public Duration? UpdatePeriod => remarks.UpdatePeriod;

    public Duration? Window => remarks.Window;

    public long Readings => Interlocked.Read(ref readings);

    /// <summary>It gives nothing any more; that was said.</summary>
    public bool Ended => ended;

    /// <summary>All of its domains are known, as far as that can be told: it repeats itself, was quiet after a first reading, or has ended.</summary>
    public bool Settled => ended || cycled || (Readings > 0 && clock.MonotonicNs() - Interlocked.Read(ref newestDomainNs) > QuietNs);

    /// <summary>Tells it to end, and does not wait for that.</summary>
    public void Tell() => shell.Tell();

    /// <summary>Ends it, and says what was left out of it all in all.</summary>
    public void Stop()
    {
        stopping = true;
        shell.Stop(most => reader.Join(most) && listener.Join(most));
        bool drained = reader.Join(TimeSpan.FromSeconds(1)) && listener.Join(TimeSpan.FromSeconds(1));
        if (drained)
        {
            shell.Output.Dispose();
            shell.Error.Dispose();
        }

        if (leftOut > 1)
        {
            say($"sensor command {Name}: {leftOut:#,0} of its {lines:#,0} lines were left out");
        }
    }

    private static string FirstWord(string command)
    {
        string word = command.Split([' ', '\t', '\n', ';', '|', '&', '<', '>'], 2, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).FirstOrDefault("");
        string name = Path.GetFileName(word);
        return name.Length is > 0 and <= 100 ? name : "sh";
    }

    private void Read()
    {
        byte[] buffer = new byte[LongestLine];
        int kept = 0;
        bool skipping = false;
        for (int read = More(); read > 0; read = More())
        {
            // One time for all of them: when they were written is not to be known.
            long now = clock.MonotonicNs();
            inOnePiece.Clear();
            ReadOnlySpan<byte> rest = buffer.AsSpan(0, kept + read);
            for (int end = rest.IndexOf((byte)'\n'); end >= 0; end = rest.IndexOf((byte)'\n'))
            {
                if (!skipping)
                {
                    Line(rest[..end], now);
                }

                skipping = false;
                rest = rest[(end + 1)..];
            }

            if (rest.Length == buffer.Length)
            {
                lines++;
                LeaveOut("long line", $"line {lines:#,0} is longer than {LongestLine:#,0} bytes and is left out");
                skipping = true;
            }

            rest = skipping ? [] : rest;
            rest.CopyTo(buffer);
            kept = rest.Length;
        }

        if (kept > 0)
        {
            Line(buffer.AsSpan(0, kept), clock.MonotonicNs());
        }

        SayEnd();

        int More()
        {
            try
            {
                return shell.Output.Read(buffer, kept, buffer.Length - kept);
            }
            catch (IOException)
            {
                return 0;
            }
        }
    }

    private void Line(ReadOnlySpan<byte> bytes, long now)
    {
        Quality before = remarks.Quality;
        if (remarks.TryTake(bytes, out WrongRemark? wrong))
        {
            if (wrong is { } remark)
            {
                SayOnce(remark.Key, $"`{remark.Key}` is `{Shortened(remark.Value)}`, expected {remark.Expected}");
            }
            else if (remarks.Quality != before && readings > 0)
            {
                SayOnce("late quality", $"`quality={remarks.Quality.Name()}` comes after a first value: it holds only for domains that follow");
            }

            return;
        }

        string text = Encoding.UTF8.GetString(bytes);
        if (string.IsNullOrWhiteSpace(text))
        {
            return;
        }

        lines++;
        if (!ExternalReading.TryParse(text, out ExternalReading reading, out string why, out string? unknown))
        {
            LeaveOut(
                unknown is null ? "line" : $"domain {unknown}",
                $"line {lines:#,0}, `{Shortened(text.Trim())}`, is left out: {why}{(unknown is null ? "; others like it are only counted" : "")}");
            return;
        }

        if (take(this, reading, now) is { } refused)
        {
            LeaveOut(refused, refused);
            return;
        }

        int together = inOnePiece[reading.Domain] = inOnePiece.GetValueOrDefault(reading.Domain) + 1;
        if (together == LinesOfABuffer)
        {
            SayOnce("buffer", $"{together} lines of {reading.Domain.Name} came at once: it keeps its output in a buffer, and a line's time is when it is read. `stdbuf -oL` before the program often helps");
        }
    }

    /// <summary>Told by whoever takes the readings: whether this one was of a domain that it had not given before.</summary>
    internal void Count(bool newDomain, long now)
    {
        if (newDomain)
        {
            Interlocked.Exchange(ref newestDomainNs, now);
        }
        else
        {
            cycled = true;
        }

        Interlocked.Increment(ref readings);
    }

    private void LeaveOut(string what, string text)
    {
        leftOut++;
        SayOnce(what, text);
    }

    private void SayOnce(string what, string text)
    {
        lock (said)
        {
            if (said.Count >= MostMessages || !said.Add(what))
            {
                return;
            }
        }

        say($"sensor command {Name}: {text}");
    }

    private void SayEnd()
    {
        if (stopping)
        {
            return;
        }

        // What it wrote to stderr comes first, and its end a moment after that of its output.
        _ = listener.Join(TimeSpan.FromMilliseconds(200));
        int? status = null;
        for (int i = 0; i < 100 && !stopping && !shell.HasEnded(out status); i++)
        {
            Thread.Sleep(10);
        }

        ended = true;
        if (!stopping)
        {
            string seconds = ((clock.MonotonicNs() - startNs) / 1e9).ToString("0.0", CultureInfo.InvariantCulture);
            string how = !shell.HasEnded(out _) ? "closed its output" : status is { } code ? $"ended with exit status {code}" : "ended";
            say($"sensor command {Name} {how} after {seconds} s{(Readings == 0 ? " without a reading" : "; its domains are not known from here on")}");
        }
    }

    private void Listen()
    {
        try
        {
            using StreamReader text = new(shell.Error, Encoding.UTF8, detectEncodingFromByteOrderMarks: false, bufferSize: 1024, leaveOpen: true);
            for (string? line = text.ReadLine(); line is not null; line = text.ReadLine())
            {
                if (line.Length > 0)
                {
                    SayOnce($"stderr {line}", $"says: {Shortened(line)}");
                }
            }
        }
        catch (IOException)
        {
            // It said all that it will.
        }
    }

    private static string Shortened(string text) => text.Length <= 120 ? text : text[..120] + "…";
}
