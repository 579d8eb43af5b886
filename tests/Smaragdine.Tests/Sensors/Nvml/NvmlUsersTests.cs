using Smaragdine.Sensors.Nvml;

namespace Smaragdine.Tests.Sensors.Nvml;

[Collection(NvmlStubCollection.Name)]
public class NvmlUsersTests(NvmlStubs stubs)
{
    [NativeFact]
    public void Each_gpu_has_its_users_and_one_that_does_not_tell_has_none_known()
    {
        string library = stubs.Library(
            "gpu 0 name A\ngpu 0 compute 42 1048576\ngpu 0 graphics 900 5\ngpu 1 name B\ngpu 1 processes 4\ngpu 2 name C\ngpu 3 name D\ngpu 3 compute 1 1\ngpu 3 compute 2 1");
        using NvmlUsers users = NvmlUsers.TryOpen(library).ShouldNotBeNull();
        IReadOnlyList<GpuUsers> gpus = users.Read();
        gpus.Select(g => g.Gpu.Name).ShouldBe(["A", "B", "C", "D"]);
        gpus.Select(g => g.SoleUser).ShouldBe([42, null, null, null]);
        gpus.Select(g => g.IsFree).ShouldBe([false, false, true, false]);
        gpus[0].Processes!.Count.ShouldBe(2);
        gpus[1].Processes.ShouldBeNull();
    }

    [NativeFact]
    public void Without_a_gpu_that_may_be_opened_there_is_nothing_to_ask_and_the_library_is_let_go()
    {
        string library = stubs.Library("gpu 0 name A\ngpu 0 handle 4");
        NvmlUsers.TryOpen(library).ShouldBeNull();
        NvmlStubs.Users(library).ShouldBe(0);
        NvmlUsers.TryOpen("/no/such/library.so").ShouldBeNull();
    }
}
