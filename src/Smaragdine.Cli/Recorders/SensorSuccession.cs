using Smaragdine.Formats.Recordings;
using Smaragdine.Formats.Recordings.Samples;
using Smaragdine.Sensors;
using Smaragdine.Sensors.Context;
using Smaragdine.Sensors.External;
using Smaragdine.Sensors.Host;
using Smaragdine.Sensors.Sampling;

namespace Smaragdine.Cli.Recorders;

/// <summary>
/// Waits for the process that reads its host's sensors to end, and goes on in its place: tries the lock once a second, which costs nothing, and who gets it adds the
/// sensors to its own recording.
/// </summary>
internal sealed class SensorSuccession : IDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestHang = TimeSpan.FromSeconds(30);

    private readonly string lockFile;
    private readonly Func<SensorSet> find;
    private readonly Talk talk;
    private readonly RecordingWriter writer;
    private readonly ManifestFacts facts;
    private readonly RecordOptions options;
    private readonly Action<string> say;
    private readonly ManualResetEventSlim stop = new();
    private readonly Thread thread;
    private HostLock? held;
    private Sampler? sampler;
    private ExternalSensors? external;
    private SamplingStatistics? statistics;
    private int firstStream;

    /// <param name="place">Whose turn it may be.</param>
    /// <param name="options">Which sensors, how often.</param>
    /// <param name="find">Looks for the sensors, when it has come to that.</param>
    /// <param name="writer">This rank's recording.</param>
    /// <param name="facts">Its manifest's.</param>
    /// <param name="talk">Takes what its user should know.</param>
    public SensorSuccession(JobPlace place, RecordOptions options, Func<SensorSet> find, RecordingWriter writer, ManifestFacts facts, Talk talk)
    {
        lockFile = place.LockFile;
        this.options = options;
        this.find = find;
        this.writer = writer;
        this.facts = facts with { HoldsSensors = true };
        this.talk = talk;
        say = text => talk.Say($"rank {place.Rank.Rank} {text}");
        thread = new(Run, maxStackSize: 256 * 1024) { IsBackground = true, Name = "sensor succession" };
        thread.Start();
    }

    /// <summary>Its turn came.</summary>
    public bool TookOver => sampler is not null;

    /// <summary>A recording's statistics with those of the streams that it added, in their places.</summary>
    /// <param name="others">By index, of the streams before.</param>
    public IReadOnlyList<StreamStatistics> Placed(IReadOnlyList<StreamStatistics> others) => statistics is null
        ? others
        : [.. others, .. Enumerable.Repeat(StreamStatistics.None, Math.Max(0, firstStream - others.Count)), .. statistics.Streams];

    /// <summary>
    /// Waits no longer; reads the sensors once more, where it has them, and lets go of them. Sensor commands run on until <see cref="Dispose"/>: once they are waited for,
    /// their processor time is in this process's account, from which the program's is read.
    /// </summary>
    public void Stop()
    {
        stop.Set();
        if (!thread.Join(LongestHang))
        {
            // It hangs in a driver; the recording itself is whole without it.
            return;
        }

        try
        {
            statistics ??= sampler is null ? null : SamplingReport.ToFormat(sampler.Stop());
        }
        catch (IOException e)
        {
            say($"could not read the host's sensors to the end: {e.Message}");
        }

        external?.Detach();
        held?.Dispose();
    }

    public void Dispose()
    {
        Stop();
        external?.Dispose();
        sampler?.Dispose();
        stop.Dispose();
    }

    private void Run()
    {
        try
        {
            while (!stop.Wait(Pause))
            {
                held = HostLock.TryTake(lockFile);
                if (held is not null)
                {
                    TakeOver();
                    return;
                }
            }
        }
        catch (Exception e) when (e is IOException or RefusedInputException or UsageException or UnauthorizedAccessException)
        {
            // Another may still manage.
            held?.Dispose();
            say($"cannot read the host's sensors in another's place: {e.Message}");
        }
    }

    private void TakeOver()
    {
        external = SensorCommands.Start(options.SensorCommands, talk);
        SensorSet set = SensorCommands.Join(find(), external, talk);
        if (set.Used.Count + options.SensorCommands.Count == 0)
        {
            return;
        }

        IReadOnlyList<ISensor> sensors = [.. set.Open(options.Period), .. ContextSensors.Open(options.Root, set.Used)];
        firstStream = writer.AddStreams([.. sensors.SelectMany(s => s.Streams)], facts);
        external.Attach(writer);
        sampler = new(sensors, writer, MonotonicClock.Instance, firstStream);
        sampler.Start();
        if (SensorCommands.Names(set, external) is { Length: > 0 } names)
        {
            say($"reads the host's sensors from now on: {names}");
        }
    }
}
