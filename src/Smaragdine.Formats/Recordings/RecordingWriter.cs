using Smaragdine.Formats.Files;
using Smaragdine.Formats.Recordings.Samples;
using Smaragdine.Recordings;
using Smaragdine.Units;

namespace Smaragdine.Formats.Recordings;

/// <summary>How a recording is written.</summary>
public sealed record RecordingWriterOptions
{
    /// <summary>Samples that the buffer between the sampling threads and the writer holds: 3 s of 20 streams at 1 kHz, 2 MiB.</summary>
    public int Capacity { get; init; } = 1 << 16;

    /// <summary>How often the writer thread writes. What is not written yet is lost when the process is killed.</summary>
    public TimeSpan DrainInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>After how many times of writing the disk is told to keep it: what is lost in a power cut.</summary>
    public int SyncEvery { get; init; } = 8;

    /// <summary>Told once, on the writer's thread, when nothing more can be written (the disk is full), and why.</summary>
    public Action<string>? OnFailure { get; init; }
}

/// <summary>
/// Writes a recording's samples as they come (docs/recording-format.md). Any number of sampling threads append to a ring of fixed size,
/// without locks and without allocating; one writer thread drains it into framed blocks.
/// </summary>
/// <remarks>
/// When the disk is full, what was written stays readable, further samples are refused and counted, and the program that is recorded
/// goes on. There is no clock here: all times are the samples'.
/// </remarks>
public sealed class RecordingWriter : IGrowingSink, IDisposable
{
    /// <summary>A stream's block is closed at this size, so that damage costs little.</summary>
    private const int BlockBytes = 32 << 10;

    /// <summary>Stream index of a clock pair in the ring.</summary>
    private const int ClockStream = -1;

    private readonly Stream output;
    private IReadOnlyList<RecordedStream> streams;
    private readonly RecordingWriterOptions options;
    private readonly SampleRing ring;
    private volatile StreamBlock[] blocks;
    private readonly ByteBuffer frames = new(64 << 10);
    private readonly ByteBuffer clocks = new();
    private readonly Lock gate = new();
    private readonly SemaphoreSlim wake = new(0);
    private string? manifestPath;
    private ManifestFacts facts = new();
    private Thread? thread;
    private int waking;
    private int clockPairs;
    private int drainsSinceSync;
    private long written;
    private long wholeBytes;
    private long countedDrops;
    private long firstTime = long.MaxValue;
    private long lastTime = long.MinValue;
    private long? unixOffset;
    private volatile string? failure;
    private volatile bool stopping;
    private bool closed;

    /// <summary>Writes to a stream; header and stream definitions at once. Nothing is drained until <see cref="Start"/> or <see cref="Drain"/>.</summary>
    /// <param name="output">Written from its present position on; closed by <see cref="Finish"/> or <see cref="Dispose"/>.</param>
    /// <param name="streams">What <see cref="RecordedSample.Stream"/> counts.</param>
    /// <param name="options">Sizes and intervals.</param>
    public RecordingWriter(Stream output, IReadOnlyList<RecordedStream> streams, RecordingWriterOptions? options = null)
    {
        this.output = output;
        this.streams = streams;
        this.options = options ?? new();
        ring = new(this.options.Capacity);
        blocks = [.. streams.Select((_, i) => new StreamBlock(i))];
        Span<byte> header = stackalloc byte[SampleFormat.HeaderBytes];
        SampleFormat.WriteHeader(header);
        frames.Bytes(header);
        FrameStreams(0, streams);
        // Both in one: a header without its streams is of no use to anybody.
        _ = TryWrite(frames.Span) && TryFlush();
        frames.Clear();
    }

    /// <summary>Begins a recording in a directory, which is made where it is not there: manifest first, then samples; starts the writer thread.</summary>
    /// <exception cref="IOException">the directory cannot be written to.</exception>
    /// <exception cref="UnauthorizedAccessException">likewise.</exception>
    /// <exception cref="RefusedInputException">it holds a recording already.</exception>
    public static RecordingWriter Create(
        string directory, IReadOnlyList<RecordedStream> streams, ManifestFacts facts, RecordingWriterOptions? options = null)
    {
        Directory.CreateDirectory(directory);
        string path = Path.Combine(directory, SampleFormat.FileName);
        if (File.Exists(path))
        {
            throw new RefusedInputException($"{directory}: there is a recording in it already ({SampleFormat.FileName}); name another directory, or move it away");
        }

        string manifest = Path.Combine(directory, "manifest.json");
        // Before the first sample, so that a recording that is killed says whose it was.
        AtomicFile.Write(manifest, s => ManifestWriter.Write(s, facts, new(RecordingState.Recording, streams)));
        FileStream file = new(path, FileMode.CreateNew, FileAccess.Write, FileShare.Read, bufferSize: 0);
        RecordingWriter writer = new(file, streams, options) { manifestPath = manifest, facts = facts };
        writer.Start();
        return writer;
    }

    /// <summary>
    /// Adds streams while others are being written: a process that takes over a host's sensors. The manifest is written anew, for the process may be killed.
    /// </summary>
    /// <param name="added">What is sampled from now on as well; no sample of theirs may come before this returns.</param>
    /// <param name="now">Facts for the manifest.</param>
    /// <returns>The index of the first of them.</returns>
    public int AddStreams(IReadOnlyList<RecordedStream> added, ManifestFacts now)
    {
        lock (gate)
        {
            int first = blocks.Length;
            if (added.Count > 0 && !closed)
            {
                DrainLocked();
                frames.Clear();
                FrameStreams(first, added);
                _ = TryWrite(frames.Span) && TryFlush();
            }

            streams = [.. streams, .. added];
            blocks = [.. blocks, .. added.Select((_, i) => new StreamBlock(first + i))];
            facts = now;
            if (manifestPath is { } path && !closed)
            {
                WriteManifest(path, facts, new(RecordingState.Recording, streams));
            }

            return first;
        }
    }

    /// <inheritdoc/>
    public int AddStreams(IReadOnlyList<RecordedStream> added)
    {
        lock (gate)
        {
            return AddStreams(added, facts);
        }
    }

    /// <summary>Samples written so far.</summary>
    public long Written => Interlocked.Read(ref written);

    /// <summary>Samples that were refused or could not be written.</summary>
    public long Dropped
    {
        get
        {
            long sum = 0;
            foreach (StreamBlock block in blocks)
            {
                sum += block.Dropped;
            }

            return sum;
        }
    }

    /// <summary>Why nothing more can be written; null while it can.</summary>
    public string? Failure => failure;

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">a sample is of a stream that was not declared.</exception>
    public bool Append(ReadOnlySpan<RecordedSample> samples)
    {
        StreamBlock[] declared = blocks;
        foreach (ref readonly RecordedSample sample in samples)
        {
            ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)sample.Stream, (uint)declared.Length, nameof(samples));
        }

        int taken = failure is null && !stopping ? ring.Put(samples) : 0;
        for (int i = taken; i < samples.Length; i++)
        {
            declared[samples[i].Stream].AddDropped(1);
        }

        WakeIfHalfFull();
        return taken == samples.Length;
    }

    /// <inheritdoc/>
    public void Clock(long monotonicNs, long unixNs)
    {
        RecordedSample pair = new(monotonicNs, unixNs, ClockStream, 0);
        _ = failure is null && !stopping && ring.Put(new(in pair)) == 1;
    }

    /// <summary>Writes the manifest again, where more is known than at the start: a recording that is killed says it too.</summary>
    public void Tell(ManifestFacts more)
    {
        // A sensor command's domain may come at the same moment, and both write the same file.
        lock (gate)
        {
            facts = more;
            if (manifestPath is not { } path)
            {
                return;
            }

            try
            {
                AtomicFile.Write(path, s => ManifestWriter.Write(s, facts, new(RecordingState.Recording, streams)));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // The one of the start stays, which lacks this alone; samples may still have room.
            }
        }
    }

    /// <summary>Starts the writer thread.</summary>
    public void Start()
    {
        if (thread is not null)
        {
            return;
        }

        thread = new(Run) { IsBackground = true, Name = "recording writer" };
        thread.Start();
    }

    /// <summary>Writes what was appended so far. The writer thread calls it; so do tests.</summary>
    public void Drain()
    {
        lock (gate)
        {
            DrainLocked();
        }
    }

    /// <summary>
    /// Writes the rest, statistics and the end mark, then the manifest. Call it when the sampling threads have stopped. What cannot be
    /// written is told by <see cref="Failure"/>, never thrown: the recorded program's exit code is what counts.
    /// </summary>
    /// <param name="statistics">What the sampler knows; dropped samples are filled in.</param>
    /// <param name="atEnd">Facts for the manifest, where more is known than at the start.</param>
    public void Finish(SamplingStatistics statistics, ManifestFacts? atEnd = null)
    {
        StopThread();
        lock (gate)
        {
            if (closed)
            {
                return;
            }

            DrainLocked();
            WriteEnd(statistics);
            Close();
        }

        if (manifestPath is { } path)
        {
            RecordingState state = failure is null ? RecordingState.Finished : RecordingState.Stopped;
            WriteManifest(path, atEnd ?? facts, new(state, streams, RunExtent(), Written, Dropped, failure));
        }
    }

    /// <summary>Writes what was appended and closes; without <see cref="Finish"/> the recording has no end mark and readers say so.</summary>
    public void Dispose()
    {
        StopThread();
        lock (gate)
        {
            if (!closed)
            {
                DrainLocked();
                Close();
            }
        }

        wake.Dispose();
    }

    private void WriteManifest(string path, ManifestFacts now, ManifestProgress progress)
    {
        try
        {
            AtomicFile.Write(path, s => ManifestWriter.Write(s, now, progress));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // A disk that is full for the samples often is for the manifest: the one of the start stays, and the samples are readable.
            Fail(path, e);
        }
    }

    private void FrameStreams(int first, IReadOnlyList<RecordedStream> declared)
    {
        int start = frames.BeginFrame(FrameKind.Streams);
        frames.Varint((uint)first);
        frames.Bytes(FrameJson.OfStreams(declared));
        frames.EndFrame(start);
    }

    private void Run()
    {
        while (!stopping)
        {
            wake.Wait(options.DrainInterval);
            Volatile.Write(ref waking, 0);
            Drain();
        }
    }

    /// <summary>The writer comes by itself; only when samples come much faster than was thought is it called, and once, not by each sample.</summary>
    private void WakeIfHalfFull()
    {
        if (thread is not null && ring.Count > ring.Capacity / 2 && Interlocked.Exchange(ref waking, 1) == 0)
        {
            wake.Release();
        }
    }

    private void StopThread()
    {
        stopping = true;
        if (thread is { } running && running.IsAlive)
        {
            wake.Release();
            running.Join();
        }
    }

    private void DrainLocked()
    {
        // No more than what is there now: producers that never rest would keep it here for ever.
        for (int left = ring.Count; left > 0 && ring.TryTake(out RecordedSample sample); left--)
        {
            if (sample.Stream == ClockStream)
            {
                unixOffset ??= unchecked(sample.Value - sample.MonotonicNs);
                clocks.Signed(sample.MonotonicNs);
                clocks.Signed(sample.Value);
                clockPairs++;
                continue;
            }

            // As readers place it: a last reading that took a second is of a moment half a second after its begin.
            long moment = sample.MonotonicNs + (Math.Max(0, sample.ReadNs) / 2);
            firstTime = Math.Min(firstTime, moment);
            lastTime = Math.Max(lastTime, moment);
            StreamBlock block = blocks[sample.Stream];
            block.Add(in sample);
            if (block.Length >= BlockBytes)
            {
                FlushClocks();
                WriteBlock(sample.Stream);
            }
        }

        FlushClocks();
        for (int i = 0; i < blocks.Length; i++)
        {
            WriteBlock(i);
        }

        long drops = Dropped;
        if (failure is null && drops != countedDrops)
        {
            // Told as it happens: a recording that is killed later still knows of its losses.
            countedDrops = drops;
            WriteStatistics(SamplingStatistics.None);
        }

        if (failure is null && ++drainsSinceSync >= options.SyncEvery)
        {
            drainsSinceSync = 0;
            _ = TryFlush();
        }
    }

    private void WriteBlock(int stream)
    {
        int count = blocks[stream].Count;
        if (count == 0)
        {
            return;
        }

        frames.Clear();
        blocks[stream].Flush(frames);
        if (TryWrite(frames.Span))
        {
            Interlocked.Add(ref written, count);
        }
        else
        {
            blocks[stream].AddDropped(count);
        }
    }

    private void FlushClocks()
    {
        if (clockPairs == 0)
        {
            return;
        }

        frames.Clear();
        int start = frames.BeginFrame(FrameKind.Clock);
        frames.Varint((uint)clockPairs);
        frames.Bytes(clocks.Span);
        frames.EndFrame(start);
        _ = TryWrite(frames.Span);
        clocks.Clear();
        clockPairs = 0;
    }

    private void WriteStatistics(SamplingStatistics statistics)
    {
        List<StreamStatistics> merged = [];
        for (int i = 0; i < streams.Count; i++)
        {
            StreamStatistics told = i < statistics.Streams.Count ? statistics.Streams[i] : StreamStatistics.None;
            merged.Add(told with { Dropped = told.Dropped + blocks[i].Dropped });
        }

        frames.Clear();
        int start = frames.BeginFrame(FrameKind.Statistics);
        frames.Bytes(FrameJson.OfStatistics(statistics with { Streams = merged, Failure = failure }));
        frames.EndFrame(start);
        _ = TryWrite(frames.Span);
    }

    private void WriteEnd(SamplingStatistics statistics)
    {
        if (failure is not null)
        {
            // No end mark: the recording did not come to its end.
            return;
        }

        WriteStatistics(statistics);
        frames.Clear();
        int start = frames.BeginFrame(FrameKind.End);
        frames.Varint((ulong)Written);
        frames.EndFrame(start);
        _ = TryWrite(frames.Span) && TryFlush();
    }

    private Interval? RunExtent()
    {
        if (unixOffset is not { } offset || lastTime < firstTime)
        {
            return null;
        }

        long start = unchecked(firstTime + offset);
        long end = unchecked(lastTime + offset);
        return end >= start ? Interval.FromUnixNanoseconds(start, end) : null;
    }

    /// <summary>One whole frame (the first time: header and frame); after a failure nothing is written any more.</summary>
    private bool TryWrite(ReadOnlySpan<byte> frame)
    {
        if (failure is not null)
        {
            return false;
        }

        try
        {
            output.Write(frame);
            wholeBytes += frame.Length;
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fail(e);
            CutToWhole();
            return false;
        }
    }

    private bool TryFlush()
    {
        try
        {
            if (output is FileStream file)
            {
                file.Flush(flushToDisk: true);
            }
            else
            {
                output.Flush();
            }

            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Fail(e);
            return false;
        }
    }

    private void Fail(Exception e) =>
        Fail($"{(output is FileStream file ? file.Name : "the recording")}, after byte {wholeBytes:N0}", e);

    private void Fail(string where, Exception e)
    {
        if (failure is null)
        {
            failure = $"{where}: cannot be written: {e.Message}";
            options.OnFailure?.Invoke(failure);
        }
    }

    /// <summary>The beginning of a frame that the disk had no room for goes away again; where it will not, readers pass over it.</summary>
    private void CutToWhole()
    {
        try
        {
            if (output is FileStream { CanSeek: true } file)
            {
                file.SetLength(wholeBytes);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            // What is no regular file cannot be cut. The failure that led here is told already.
        }
    }

    private void Close()
    {
        closed = true;
        try
        {
            output.Dispose();
        }
        catch (IOException e)
        {
            Fail(e);
        }
    }
}
