using Smaragdine.Alignment;
using Smaragdine.Attribution;
using Smaragdine.Traces;

namespace Smaragdine.Footprints.Pictures;

/// <summary>The spans of one device that lie in one step's window or reach into it.</summary>
/// <param name="Window">The step.</param>
/// <param name="Spans">Indices into the device's spans, by start.</param>
public sealed record StepSpans(StepWindow Window, IReadOnlyList<int> Spans)
{
    /// <summary>Of each window, in their order.</summary>
    public static IEnumerable<StepSpans> Of(DeviceTrace device, IReadOnlyList<StepWindow> windows)
    {
        if (windows.Count == 0)
        {
            yield break;
        }

        SpanOrder order = new(device.Spans);
        foreach (StepWindow window in windows)
        {
            yield return new(window, [.. order.Touching(window.Window)]);
        }
    }
}
