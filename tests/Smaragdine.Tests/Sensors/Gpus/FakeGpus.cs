using Smaragdine.Sensors.Gpus;

namespace Smaragdine.Tests.Sensors.Gpus;

/// <summary>Cards that are numbered as `CUDA_VISIBLE_DEVICES` lists them (digits only), with the processes that the test puts on them.</summary>
internal sealed class FakeGpus(int cards) : IGpuFamily
{
    public string Vendor => "FAKE";

    public IReadOnlyList<GpuCard> Cards { get; init; } = [.. Enumerable.Range(0, cards).Select(i => new GpuCard(new() { Uuid = $"GPU-{i}" }, Divided: false))];

    /// <summary>Null where the driver does not tell.</summary>
    public int[]?[] Pids { get; } = [.. Enumerable.Range(0, cards).Select(_ => Array.Empty<int>())];

    public int Disposed { get; private set; }

    public GpuNumbering Number(GpuVariables variables)
    {
        List<int> visible = [.. (variables.CudaVisible?.Select(c => c - '0') ?? Enumerable.Range(0, cards))];
        return new([.. Enumerable.Range(0, cards).Select(c => visible.IndexOf(c) is >= 0 and var i ? i : (int?)null)], variables.CudaOrder == "?" ? "order" : null);
    }

    public bool TryListProcesses(int card, List<int> pids)
    {
        pids.AddRange(Pids[card] ?? []);
        return Pids[card] is not null;
    }

    public void Dispose() => Disposed++;
}
