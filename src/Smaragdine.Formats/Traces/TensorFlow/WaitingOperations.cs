using Smaragdine.Traces;

namespace Smaragdine.Formats.Traces.TensorFlow;

/// <summary>
/// What an operation's type and name tell of how it shares power. The list of waits is short on purpose: an operation is here only if it
/// does nothing but wait for another device or process. `IteratorGetNext` is not (it may run the input pipeline itself), nor is
/// `QueueDequeueMany` (it copies what it takes out).
/// </summary>
internal static class WaitingOperations
{
    private static readonly HashSet<string> Waits = new(StringComparer.Ordinal)
    {
        // receive from another device or task: the span runs from the request to the tensor's arrival
        "RecvTensor", "Recv", "_Recv", "HostRecv", "_HostRecv", "_XlaRecvAtHost",

        // the host thread blocks until the GPU is done
        "cuStreamSynchronize", "cuCtxSynchronize", "cuEventSynchronize",
        "cudaStreamSynchronize", "cudaDeviceSynchronize", "cudaEventSynchronize",
        "hipStreamSynchronize", "hipDeviceSynchronize", "hipEventSynchronize",

        // the caller of a gloo collective blocks until the transfer, which has a span of its own, is over
        "gloo:wait", "gloo::wait", "GlooWait",
    };

    private static readonly string[] Collectives = ["Nccl", "_Nccl", "nccl", "Collective", "Horovod"];

    private static readonly string[] Copies = ["MEMCPY", "Memcpy", "memcpy", "MEMSET", "Memset", "memset"];

    /// <summary>The traits that the type (or, where it is unknown, the name) of an operation gives it.</summary>
    public static OperationTraits TraitsOf(string name, string type)
    {
        string what = type is "unknown" ? name : type;
        OperationTraits traits = OperationTraits.None;
        if (Waits.Contains(what))
        {
            traits |= OperationTraits.Waits;
        }

        if (StartsWithAny(what, Collectives))
        {
            traits |= OperationTraits.Collective;
        }

        return traits;
    }

    /// <summary>Whether a GPU span of this type is a copy or a memset, whatever row it stands in.</summary>
    public static bool IsCopy(string name, string type) => StartsWithAny(type is "unknown" ? name : type, Copies);

    private static bool StartsWithAny(string text, string[] prefixes)
    {
        foreach (string prefix in prefixes)
        {
            if (text.StartsWith(prefix, StringComparison.Ordinal))
            {
                return true;
            }
        }

        return false;
    }
}
