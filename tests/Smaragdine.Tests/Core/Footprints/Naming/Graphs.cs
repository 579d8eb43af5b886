using Smaragdine.Footprints;
using Smaragdine.Footprints.Naming;
using Smaragdine.Traces;

namespace Smaragdine.Tests.Core.Footprints.Naming;

/// <summary>Small graphs, written as `name:Type ← input, input`.</summary>
internal sealed class Graphs
{
    private readonly List<Operation> operations = [];

    public Graphs Add(string name, string type, params string[] inputs)
    {
        operations.Add(new(name, type, inputs, OperationTraits.None));
        return this;
    }

    /// <summary>A variable and an operation that reads it, both in a module: `m/kernel`, `m/MatMul`.</summary>
    public Graphs Layer(string module, string leaf = "MatMul") =>
        Add($"{module}/kernel", "VarHandleOp").Add($"{module}/{leaf}/ReadVariableOp", "ReadVariableOp", $"{module}/kernel")
            .Add($"{module}/{leaf}", "MatMul", "x", $"{module}/{leaf}/ReadVariableOp");

    public Placements Place() => new TensorFlowNaming().Place(operations);

    /// <summary>`pass module` of an operation.</summary>
    public string Of(string name)
    {
        Placement place = Place().ByName[name];
        return $"{place.Pass.Name()} {place.Module}".TrimEnd();
    }
}
