using Smaragdine.Sensors.Children;

namespace Smaragdine.Tests.Sensors.Children;

public class ChildProcessTests
{
    [LinuxFact]
    public void Exit_status_is_the_childs()
    {
        using ChildProcess child = ChildProcess.Start(["sh", "-c", "exit 7"]);
        child.Pid.ShouldBeGreaterThan(0);
        child.WaitForExit().ShouldBe(7);
    }

    [LinuxFact]
    public void Child_that_a_signal_ended_is_128_and_the_signal()
    {
        using ChildProcess child = ChildProcess.Start(["sleep", "60"]);
        child.Signal(15);
        child.WaitForExit().ShouldBe(128 + 15);
        child.Signal(15); // nobody there: nothing happens
    }

    [LinuxFact]
    public void Variables_are_set_and_arguments_are_not_split()
    {
        using ChildProcess child = ChildProcess.Start(
            ["sh", "-c", "[ \"$SMARAGDINE_X\" = 'a b' ] && [ \"$1\" = 'c  \"d' ] && [ -z \"$HOME\" ]", "sh", "c  \"d"],
            new Dictionary<string, string?> { ["SMARAGDINE_X"] = "a b", ["HOME"] = null });
        child.WaitForExit().ShouldBe(0);
    }

    [LinuxFact]
    public void Program_that_does_not_exist_is_127()
    {
        ChildProcessException e = Should.Throw<ChildProcessException>(() => ChildProcess.Start(["no-such-program-here"]));
        e.Message.ShouldBe("no-such-program-here cannot be started: there is no such program in PATH");
        e.ExitCode.ShouldBe(127);
        Should.Throw<ChildProcessException>(() => ChildProcess.Start(["./no-such-program"])).ExitCode.ShouldBe(127);
        Should.Throw<ChildProcessException>(() => ChildProcess.Start([])).ExitCode.ShouldBe(127);
    }

    [LinuxFact]
    public void Program_is_never_taken_from_the_current_directory_or_without_permission()
    {
        string folder = Directory.CreateTempSubdirectory("smaragdine-child-").FullName;
        try
        {
            string script = Path.Combine(folder, "tool");
            File.WriteAllText(script, "#!/bin/sh\nexit 3\n");
            Dictionary<string, string?> path = new() { ["PATH"] = folder };
            ChildProcessException e = Should.Throw<ChildProcessException>(() => ChildProcess.Start(["tool"], path));
            e.ExitCode.ShouldBe(126);
            e.Message.ShouldContain("not executable");
            Should.Throw<ChildProcessException>(() => ChildProcess.Start([script])).ExitCode.ShouldBe(126);

            if (OperatingSystem.IsLinux())
            {
                File.SetUnixFileMode(script, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            }

            using ChildProcess child = ChildProcess.Start(["tool"], path);
            child.WaitForExit().ShouldBe(3);
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }
}
