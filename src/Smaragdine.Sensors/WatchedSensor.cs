using Smaragdine.Units;

namespace Smaragdine.Sensors;

/// <summary>What watching a sensor for a while told.</summary>
/// <param name="Period">How often it had a new value; null where that did not show.</param>
/// <param name="Step">What all changes of its value are multiples of, µJ or µW; null where too few were seen.</param>
/// <param name="Reading">How long a reading takes, the median; null where none came back.</param>
/// <param name="GaveUp">A reading had not come back when the watch was over and <see cref="SensorWatch.Patience"/> with it.</param>
public sealed record WatchedSensor(Duration? Period, long? Step, Duration? Reading, bool GaveUp)
{
    public static WatchedSensor Unanswered { get; } = new(null, null, null, GaveUp: true);
}
