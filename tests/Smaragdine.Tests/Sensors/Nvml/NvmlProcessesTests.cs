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

    [Theory]
    [InlineData("", "1", false)]
    [InlineData("1", "1", false)]
    [InlineData("1,2", "1,2", false)]
    [InlineData("1,2", "1", true)]
    [InlineData("5", "1", null)]
    public void IsShared_is_true_only_where_the_program_is_in_the_list(string listed, string program, bool? expected)
    {
        NvmlProcess[] processes = [.. Pids(listed).Select(p => new NvmlProcess(p, null, null, false))];
        NvmlProcesses.IsShared(processes, Pids(program).ToHashSet()).ShouldBe(expected);
    }

    [Fact]
    public void IsShared_what_only_draws_does_not_count() =>
        NvmlProcesses.IsShared([new(1, null, null, false), new(900, null, null, true)], new HashSet<int> { 1 }).ShouldBe(false);

    private static IEnumerable<int> Pids(string text) => text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse);

    private IReadOnlyList<NvmlProcess> List(string script, out NvmlReturn code)
    {
        using NvmlLibrary library = stubs.Open(script);
        return NvmlProcesses.On(library, library.Gpus(out _)[0], out code);
    }
}
