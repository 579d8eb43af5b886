using Smaragdine.Sensors.Nvml;

namespace Smaragdine.Tests.Sensors.Nvml;

[Collection(NvmlStubCollection.Name)]
public class NvmlProcessesTests(NvmlStubs stubs)
{
    [NativeFact]
    public void On_lists_compute_and_graphics_through_the_real_layout()
    {
        IReadOnlyList<NvmlProcess> found = List("gpu 0 name X\ngpu 0 compute 4242 1048576\ngpu 0 compute 17 -1 3\ngpu 0 graphics 900 5", out NvmlReturn code);
        code.ShouldBe(NvmlReturn.Success);
        found.ShouldBe([new(4242, 1048576, null, false), new(17, null, 3, false), new(900, 5, null, true)]);
    }

    [NativeFact]
    public void On_more_processes_than_room_asks_again()
    {
        string script = "gpu 0 name X\n" + string.Concat(Enumerable.Range(1, 50).Select(pid => $"gpu 0 compute {pid} 1\n"));
        List(script, out NvmlReturn code).Count.ShouldBe(50);
        code.ShouldBe(NvmlReturn.Success);
    }

    [NativeFact]
    public void On_no_permission_gives_the_code()
    {
        List("gpu 0 name X\ngpu 0 processes 4", out NvmlReturn code).ShouldBeEmpty();
        code.ShouldBe(NvmlReturn.NoPermission);
    }

    private IReadOnlyList<NvmlProcess> List(string script, out NvmlReturn code)
    {
        using NvmlLibrary library = stubs.Open(script);
        return NvmlProcesses.On(library, library.Gpus(out _)[0], out code);
    }
}
