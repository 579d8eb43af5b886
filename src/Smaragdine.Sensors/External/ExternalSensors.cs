using System.Runtime.InteropServices;
using Smaragdine.Power;
using Smaragdine.Recordings;
using Smaragdine.Sensors.Sampling;
using Smaragdine.Units;

namespace Smaragdine.Sensors.External;

/// <summary>
/// The commands of `--sensor-command`: each writes readings to its stdout, line by line, which go to a sink as they come (docs/sensors/command.md).
/// They run from the start to <see cref="Dispose"/>; sinks may come and go meanwhile.
/// </summary>
public sealed class ExternalSensors : IDisposable
{
    /// <summary>More than any machine has; each is a stream of the recording, and its manifest is written anew for each.</summary>
    private const int MostDomains = 256;

    private readonly Lock gate = new();
    private readonly ISamplingClock clock;
    private readonly List<ExternalCommand> commands = [];
    private readonly List<Feed> feeds = [];
    private HashSet<Domain> elsewhere = [];
    private IGrowingSink? sink;
    private bool stopped;

    /// <summary>A domain as one command gives it.</summary>
    private sealed class Feed(ExternalCommand command, Domain domain, RecordedStream stream)
    {
        public ExternalCommand Command => command;

        public Domain Domain => domain;

        public RecordedStream Stream => stream;

        /// <summary>In the present sink.</summary>
        public int Index { get; set; }
    }

    /// <summary>Does something before a signal ends this process.</summary>
    private sealed class Signals(Action before) : IDisposable
    {
        private readonly PosixSignalRegistration[] registrations =
            [.. ((PosixSignal[])[PosixSignal.SIGHUP, PosixSignal.SIGINT, PosixSignal.SIGTERM]).Select(s => PosixSignalRegistration.Create(s, _ => before()))];

        public void Dispose() => Array.ForEach(registrations, r => r.Dispose());
    }

    private ExternalSensors(ISamplingClock clock) => this.clock = clock;

    /// <summary>What the commands gave so far.</summary>
    public IReadOnlyList<RecordedStream> Streams
    {
        get
        {
            lock (gate)
            {
                return [.. feeds.Select(f => f.Stream)];
            }
        }
    }

    /// <summary>The domains of <see cref="Streams"/>.</summary>
    public IReadOnlyList<Domain> Domains => [.. Streams.Select(s => Domain.Parse(s.Name))];

    /// <summary>Commands that gave no reading yet, by their first word, and whether they have ended: then they never will.</summary>
    public IReadOnlyList<(string Name, bool Ended)> Silent => [.. commands.Where(c => c.Readings == 0).Select(c => (c.Name, c.Ended))];

    /// <summary>Starts commands.</summary>
    /// <param name="lines">For `/bin/sh -c`; where there are none, every call is in order and does nothing.</param>
    /// <param name="clock">Stamps what they say.</param>
    /// <param name="say">Takes messages for the user, on any thread; foreign text in them is not yet made safe for a terminal.</param>
    /// <exception cref="IOException">one cannot be started; the others were ended.</exception>
    public static ExternalSensors Start(IReadOnlyList<string> lines, ISamplingClock clock, Action<string> say)
    {
        ExternalSensors sensors = new(clock);
        try
        {
            foreach (string line in lines)
            {
                lock (sensors.gate)
                {
                    sensors.commands.Add(new(line, clock, sensors.Take, say));
                }
            }

            return sensors;
        }
        catch
        {
            sensors.Dispose();
            throw;
        }
    }

    /// <summary>Waits until each command has shown its domains or ended, at most so long. A signal that ends this process meanwhile ends them too.</summary>
    public void Wait(TimeSpan most)
    {
        using IDisposable signals = EndWithThisProcess();
        long deadline = clock.MonotonicNs() + (most.Ticks * 100);
        while (commands.Exists(c => !c.Settled) && clock.MonotonicNs() < deadline)
        {
            clock.SleepUntil(clock.MonotonicNs() + 5_000_000);
        }
    }

    /// <summary>
    /// Until this is disposed of, a signal that ends this process ends the commands too: one that is silent would outlive it for ever. Later there is a program that
    /// is told of signals, and a recording to finish first.
    /// </summary>
    public IDisposable EndWithThisProcess() => new Signals(() => commands.ForEach(c => c.Tell()));

    /// <summary>Domains that others read: a command that comes with one of them only now is too late, and nothing is counted twice.</summary>
    public void Leave(IEnumerable<Domain> domains)
    {
        lock (gate)
        {
            elsewhere = [.. domains];
        }
    }

    /// <summary>Gives all readings from now on to a sink; the streams are declared to it, those that come later as well.</summary>
    public void Attach(IGrowingSink to)
    {
        lock (gate)
        {
            int first = to.AddStreams([.. feeds.Select(f => f.Stream)]);
            foreach ((int i, Feed feed) in feeds.Index())
            {
                feed.Index = first + i;
            }

            sink = to;
        }
    }

    /// <summary>Gives readings to nobody: after this the sink is not called any more.</summary>
    public void Detach()
    {
        lock (gate)
        {
            sink = null;
        }
    }

    /// <summary>Ends the commands.</summary>
    public void Dispose()
    {
        Detach();
        if (!stopped)
        {
            stopped = true;
            commands.ForEach(c => c.Stop());
        }
    }

    private string? Take(ExternalCommand command, ExternalReading reading, long now)
    {
        lock (gate)
        {
            Feed? feed = feeds.Find(f => f.Domain == reading.Domain);
            bool isNew = feed is null;
            if (feed is null)
            {
                if (elsewhere.Contains(reading.Domain))
                {
                    return $"{reading.Domain.Name} comes too late: a sensor of this machine reads it already; its lines are left out";
                }

                if (feeds.Count == MostDomains)
                {
                    return $"it gives more domains than {MostDomains}; all further ones are left out";
                }

                feeds.Add(feed = new(command, reading.Domain, StreamOf(command, reading)));
                feed.Index = sink?.AddStreams([feed.Stream]) ?? 0;
            }
            else if (feed.Command != command)
            {
                return $"{reading.Domain.Name} is given by the command {feed.Command.Name} already; its lines are left out";
            }
            else if (feed.Stream.Kind != reading.Kind)
            {
                return $"{reading.Domain.Name} was {Unit(feed.Stream.Kind)} and is {Unit(reading.Kind)} now; such lines are left out";
            }

            command.Count(isNew, now);
            RecordedSample sample = new(now, reading.Value, feed.Index, 0);
            sink?.Append([sample]);
            return null;
        }
    }

    private static RecordedStream StreamOf(ExternalCommand command, ExternalReading reading) =>
        new(reading.Domain.Name, reading.Kind, command.Source, command.Quality, command.UpdatePeriod ?? Duration.Zero)
        {
            Range = reading.Range,
            UpdatePeriod = command.UpdatePeriod,
            Window = command.Window,
        };

    private static string Unit(StreamKind kind) => kind is StreamKind.Energy ? "a counter" : "a power";
}
