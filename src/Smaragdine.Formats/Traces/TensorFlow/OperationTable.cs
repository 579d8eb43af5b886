using System.Runtime.InteropServices;
using Smaragdine.Traces;

namespace Smaragdine.Formats.Traces.TensorFlow;

/// <summary>Operations as files name them, by number: name, type and inputs, all three of them names of a <see cref="NameTable"/>.</summary>
internal sealed class OperationTable(NameTable names)
{
    private readonly ByteTable table = new();
    private readonly Dictionary<int, IReadOnlyList<TensorInfo>> outputs = [];
    private int[] key = new int[64];

    public NameTable Names => names;

    public int Intern(int name, int type, ReadOnlySpan<int> inputs)
    {
        if (key.Length < inputs.Length + 2)
        {
            key = new int[2 * inputs.Length];
        }

        key[0] = name;
        key[1] = type;
        inputs.CopyTo(key.AsSpan(2));
        return table.Intern(MemoryMarshal.AsBytes(key.AsSpan(0, inputs.Length + 2)));
    }

    public int NameOf(int operation) => Key(operation)[0];

    public int TypeOf(int operation) => Key(operation)[1];

    public ReadOnlySpan<int> InputsOf(int operation) => Key(operation)[2..];

    /// <summary>Keeps the shapes of an operation's outputs; the first that are told hold.</summary>
    public void SetOutputs(int operation, IReadOnlyList<TensorInfo> tensors) => outputs.TryAdd(operation, tensors);

    public bool HasOutputs(int operation) => outputs.ContainsKey(operation);

    /// <summary>The operation as the model knows it.</summary>
    public Operation ToOperation(int operation, ReadOnlySpan<int> inputs, OperationTraits traits, DeviceId? dispatchesTo)
    {
        string[] inputNames = new string[inputs.Length];
        for (int i = 0; i < inputNames.Length; i++)
        {
            inputNames[i] = names[inputs[i]];
        }

        return new(names[NameOf(operation)], names[TypeOf(operation)], inputNames, traits)
        {
            Outputs = outputs.GetValueOrDefault(operation, []),
            DispatchesTo = dispatchesTo,
        };
    }

    private ReadOnlySpan<int> Key(int operation) => MemoryMarshal.Cast<byte, int>(table[operation]);
}
