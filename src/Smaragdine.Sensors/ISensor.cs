using Smaragdine.Recordings;

namespace Smaragdine.Sensors;

/// <summary>What became of one reading.</summary>
public enum ReadStatus
{
    /// <summary>There is a value.</summary>
    Value,

    /// <summary>No value this time (garbage, a passing error); the next may be one.</summary>
    Missed,

    /// <summary>The sensor is gone (device lost, driver unloaded): it need not be asked again.</summary>
    Gone,
}

/// <summary>An open sensor that is read again and again. Not thread safe: one thread reads it.</summary>
public interface ISensor : IDisposable
{
    /// <summary>
    /// What it reads, in the order in which <see cref="Read"/> gives values. A sensor does not know how often it will be asked:
    /// <see cref="RecordedStream.Period"/> is zero here and set by who samples it.
    /// </summary>
    IReadOnlyList<RecordedStream> Streams { get; }

    /// <summary>Reading may take longer than a tick (a driver, a bus): it gets a thread of its own.</summary>
    bool MayBlock { get; }

    /// <summary>
    /// Reads all its streams once. Does not throw: what goes wrong is the status of the stream that it befell, whose value is then 0.
    /// Does not allocate, unless it must (a program to start, a list to fetch), which <see cref="MayBlock"/> ones may.
    /// </summary>
    /// <param name="values">One for each stream.</param>
    /// <param name="statuses">One for each stream.</param>
    void Read(Span<long> values, Span<ReadStatus> statuses);
}
