using System.Buffers.Binary;
using System.Text.Json;
using Smaragdine.Formats.Files;
using Smaragdine.Formats.Recordings.Samples;
using Smaragdine.Recordings;

namespace Smaragdine.Formats.Recordings;

/// <summary>
/// Reads `samples.smrg` (docs/recording-format.md) as far as it is whole: a frame that was cut or damaged ends it, and what comes before
/// is used. Frames that a later minor version has are passed over.
/// </summary>
public static class RecordingStreamReader
{
    /// <summary>More streams than any machine has sensors: the number is damage.</summary>
    private const int MaxStreams = 10_000;

    /// <summary>Whether these first bytes are of such a file.</summary>
    public static bool Recognises(ReadOnlySpan<byte> head) => head.Length >= SampleFormat.Magic.Length && head.StartsWith(SampleFormat.Magic);

    /// <summary>Reads to the end, or to where the file is whole.</summary>
    /// <param name="stream">The file; <paramref name="name"/> names it in messages.</param>
    /// <param name="name">The file's name.</param>
    /// <param name="warn">Takes warnings: where it ends too soon, how much was kept.</param>
    /// <exception cref="RefusedInputException">it is another kind of file, its header is damaged, or its version is not known here.</exception>
    public static RecordedSamples Read(Stream stream, string name, Action<Warning> warn)
    {
        RecordedSamples samples = new(name);
        byte[] header = new byte[SampleFormat.HeaderBytes];
        int got = stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false);
        if (!CheckHeader(header.AsSpan(0, got), name, samples))
        {
            warn(Cut(samples, $"the file ends inside its header, at byte {got:N0}"));
            return samples;
        }

        samples.Bytes = SampleFormat.HeaderBytes;
        string? damage = ReadFrames(stream, samples);
        if (stream is BoundedStream { Truncated: true })
        {
            damage = $"the compressed file ends early or is damaged, after byte {samples.Bytes:N0} of what it holds";
        }

        if (!samples.Finished)
        {
            warn(Cut(samples, damage ?? $"no end mark after its {samples.Bytes:N0} bytes: the recorder was killed, or is still recording; what it had not written yet is lost"));
        }

        ReportDrops(samples, warn);
        return samples;
    }

    /// <summary>True for a whole header of a known version; false where the file ends within it.</summary>
    private static bool CheckHeader(ReadOnlySpan<byte> header, string name, RecordedSamples samples)
    {
        ReadOnlySpan<byte> magic = header[..Math.Min(header.Length, SampleFormat.Magic.Length)];
        if (!SampleFormat.Magic.StartsWith(magic))
        {
            throw new RefusedInputException($"{name}: no recording's samples: it begins with `{Excerpt.Of(header, 16)}`, expected `\\x89SMRG`");
        }

        if (header.Length < SampleFormat.HeaderBytes)
        {
            return false;
        }

        if (BinaryPrimitives.ReadUInt32LittleEndian(header[12..]) != SampleFormat.Crc32C(0, header[..12]))
        {
            throw new RefusedInputException($"{name}: the header is damaged: the checksum of its first 12 bytes does not agree with them");
        }

        int major = BinaryPrimitives.ReadUInt16LittleEndian(header[8..]);
        int minor = BinaryPrimitives.ReadUInt16LittleEndian(header[10..]);
        if (major != SampleFormat.Major)
        {
            throw new RefusedInputException($"{name}: version {major}.{minor} of the format, known here is {SampleFormat.Major}; read it with a newer smaragdine");
        }

        samples.Version = new(major, minor);
        return true;
    }

    /// <summary>Reads frames until the end mark or the file's end (null), or says what is wrong with the next one.</summary>
    private static string? ReadFrames(Stream stream, RecordedSamples samples)
    {
        byte[] head = new byte[SampleFormat.FrameHeadBytes];
        byte[] payload = [];
        while (!samples.Finished)
        {
            int got = stream.ReadAtLeast(head, head.Length, throwOnEndOfStream: false);
            if (got < head.Length)
            {
                return got == 0 ? null : $"the file ends inside the frame at byte {samples.Bytes:N0}";
            }

            uint length = BinaryPrimitives.ReadUInt32LittleEndian(head);
            if (length is 0 or > SampleFormat.MaxPayloadBytes)
            {
                // Zeros are what a file system leaves of a file that was growing when the power failed.
                return $"the frame at byte {samples.Bytes:N0} is damaged: its length is {length:N0}";
            }

            if (payload.Length < length)
            {
                payload = new byte[Math.Max(length, Math.Min(payload.Length * 2L, SampleFormat.MaxPayloadBytes))];
            }

            Span<byte> content = payload.AsSpan(0, (int)length);
            if (stream.ReadAtLeast(content, content.Length, throwOnEndOfStream: false) < content.Length)
            {
                return $"the file ends inside the frame at byte {samples.Bytes:N0}";
            }

            uint crc = SampleFormat.Crc32C(SampleFormat.Crc32C(0, head.AsSpan(0, 4)), content);
            if (crc != BinaryPrimitives.ReadUInt32LittleEndian(head.AsSpan(4)))
            {
                return $"the frame at byte {samples.Bytes:N0} is damaged: its checksum does not agree with it";
            }

            long bytes = SampleFormat.FrameHeadBytes + length;
            if (!ReadPayload(content, samples, bytes))
            {
                return $"the frame at byte {samples.Bytes:N0} (kind {content[0]}) does not hold what it should";
            }

            samples.Bytes += bytes;
        }

        return null;
    }

    private static bool ReadPayload(ReadOnlySpan<byte> payload, RecordedSamples samples, long bytes)
    {
        ReadOnlySpan<byte> content = payload[1..];
        try
        {
            switch ((FrameKind)payload[0])
            {
                case FrameKind.Streams:
                    return ReadStreams(content, samples);
                case FrameKind.Samples:
                    return ReadSamples(content, samples, bytes);
                case FrameKind.Clock:
                    return ReadClocks(content, samples);
                case FrameKind.Statistics:
                    SamplingStatistics statistics = FrameJson.ToStatistics(content);
                    for (int i = 0; i < Math.Min(statistics.Streams.Count, samples.SeriesList.Count); i++)
                    {
                        samples.SeriesList[i].Statistics = statistics.Streams[i];
                    }

                    samples.Program = statistics.Program;
                    return true;
                case FrameKind.End:
                    PayloadReader end = new(content);
                    // A file put together of parts of others may be whole frame by frame.
                    samples.Finished = end.Varint() == (ulong)samples.Count && !end.Failed;
                    return samples.Finished;
                default:
                    return true;
            }
        }
        catch (JsonException)
        {
            return false;
        }
    }

    private static bool ReadStreams(ReadOnlySpan<byte> content, RecordedSamples samples)
    {
        PayloadReader reader = new(content);
        int first = reader.Count();
        if (reader.Failed || first != samples.SeriesList.Count)
        {
            return false;
        }

        foreach (RecordedStream stream in FrameJson.ToStreams(reader.Rest))
        {
            samples.SeriesList.Add(new(stream));
        }

        return samples.SeriesList.Count <= MaxStreams;
    }

    private static bool ReadSamples(ReadOnlySpan<byte> content, RecordedSamples samples, long bytes)
    {
        PayloadReader reader = new(content);
        int stream = reader.Count();
        int count = reader.Count();
        if (reader.Failed || stream >= samples.SeriesList.Count)
        {
            return false;
        }

        SampleSeries series = samples.SeriesList[stream];
        int before = series.Count;
        long time = 0;
        long value = 0;
        for (int i = 0; i < count; i++)
        {
            time = unchecked(time + reader.Signed());
            int read = unchecked((int)(uint)reader.Varint());
            value = unchecked(value + reader.Signed());
            if (reader.Failed)
            {
                series.CutTo(before);
                return false;
            }

            series.Add(time, value, read);
        }

        series.Bytes += bytes;
        return true;
    }

    private static bool ReadClocks(ReadOnlySpan<byte> content, RecordedSamples samples)
    {
        PayloadReader reader = new(content);
        int count = reader.Count();
        List<(long, long)> pairs = [];
        for (int i = 0; i < count && !reader.Failed; i++)
        {
            pairs.Add((reader.Signed(), reader.Signed()));
        }

        if (!reader.Failed)
        {
            samples.ClockList.AddRange(pairs);
        }

        return !reader.Failed;
    }

    private static Warning Cut(RecordedSamples samples, string what) => new("samples-cut",
        $"{samples.Name}: {what}; the {samples.Count:N0} samples over {samples.Span.TotalSeconds:0.###} s before that are used", Incomplete: true);

    private static void ReportDrops(RecordedSamples samples, Action<Warning> warn)
    {
        long dropped = samples.Series.Sum(s => s.Statistics?.Dropped ?? 0);
        if (dropped > 0)
        {
            warn(new("samples-dropped",
                $"{samples.Name}: the recorder could not write {dropped:N0} samples beside the {samples.Count:N0} that are there (disk too slow or full); that time is uncovered where it is long", Incomplete: true));
        }
    }
}
