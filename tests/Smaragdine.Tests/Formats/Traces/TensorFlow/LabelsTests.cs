using Smaragdine.Formats.Traces.TensorFlow;

namespace Smaragdine.Tests.Formats.Traces.TensorFlow;

public class LabelsTests
{
    [Theory]
    [InlineData("a/b = MatMul(x, y:1, ^z)", "MatMul", "x|y:1|^z")]
    [InlineData("a = NoOp()", "NoOp", "")]
    [InlineData("[CPU: 4 MB] a = Op(b = c)", "Op", "b = c")]
    [InlineData("a = F(x = G(y))", "G", "y)")]
    [InlineData("edge_12_x @ /job:worker", null, "")]
    [InlineData("a = b", null, "")]
    [InlineData(")(", null, "")]
    [InlineData("", null, "")]
    public void Host_labels(string label, string? type, string inputs)
    {
        Labels.TryParseHost(label, out string read, out string[] names).ShouldBe(type is not null);
        read.ShouldBe(type ?? "unknown");
        string.Join('|', names).ShouldBe(inputs);
    }

    [Theory]
    [InlineData("", "a/b:MatMul", "a/b", "MatMul")]
    [InlineData("", "a/b:MatMul::volta_sgemm_128x64_nn", "a/b", "MatMul")]
    [InlineData("", "volta_sgemm_128x64_nn", "volta_sgemm_128x64_nn", "unknown")]
    [InlineData("", "void Eigen::internal::EigenMetaKernel<float>(int)", "void Eigen::internal::EigenMetaKernel<float>(int)", "unknown")]
    [InlineData("", "cub::DeviceReduceKernel", "cub::DeviceReduceKernel", "unknown")]
    [InlineData("regs:17 @@a/b:Relu#id:1#", "x:Other", "a/b", "Relu")]
    [InlineData("Conv2D:Conv2D regs:17 shm:0", "Conv2D", "Conv2D", "Conv2D")]
    [InlineData("Conv2D:Conv2D num_bytes: 112 destination: 0", "MEMCPYHtoD", "Conv2D", "Conv2D")]
    [InlineData("", "edge_9_x:MEMCPYDtoH", "edge_9_x", "MEMCPYDtoH")]
    [InlineData("unknown", "MEMCPYHtoD", "MEMCPYHtoD", "MEMCPYHtoD")]
    [InlineData("", "", "", "unknown")]
    public void Kernels(string label, string node, string name, string type) =>
        Labels.ParseKernel(label, node).ShouldBe((name, type));
}
