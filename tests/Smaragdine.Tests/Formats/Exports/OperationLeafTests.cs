using Smaragdine.Formats.Exports;

namespace Smaragdine.Tests.Formats.Exports;

public sealed class OperationLeafTests
{
    [Theory]
    [InlineData("bert/dense/MatMul", "bert/dense", "MatMul")]
    [InlineData("bert/dense/MatMul", "bert", "dense/MatMul")]
    [InlineData("gradients/bert/dense/MatMul_grad/MatMul", "bert/dense", "gradients/…/MatMul_grad/MatMul")]
    [InlineData("bert/dense_1/MatMul", "bert/dense", "bert/dense_1/MatMul")]
    [InlineData("albert/dense/x", "bert/dense", "albert/dense/x")]
    [InlineData("xbert/bert/Add", "bert", "xbert/…/Add")]
    [InlineData("bert/dense", "bert/dense", "bert/dense")]
    [InlineData("Mul_641", "bert/dense", "Mul_641")]
    [InlineData("bert/dense/MatMul", "", "bert/dense/MatMul")]
    [InlineData("", "", "")]
    public void Leaf_is_the_name_without_its_module(string name, string module, string leaf) => OperationLeaf.Of(name, module).ShouldBe(leaf);
}
