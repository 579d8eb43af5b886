using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace Smaragdine.Tests.Support;

/// <summary>Runs something as a user without rights, also where the tests run as root, who may read files of mode 0400.</summary>
public static partial class Unprivileged
{
    private const nint Nobody = 65534;

    /// <summary>Runs it on a thread of its own. The system call, other than libc's function, changes the one thread that calls it.</summary>
    public static T Run<T>(Func<T> action)
    {
        T? result = default;
        ExceptionDispatchInfo? failure = null;
        Thread thread = new(() =>
        {
            try
            {
                if (Environment.IsPrivilegedProcess)
                {
                    nint setResUid = RuntimeInformation.ProcessArchitecture == Architecture.Arm64 ? 147 : 117;
                    SystemCall(setResUid, -1, Nobody, -1).ShouldBe(0, "the test could not give up its rights");
                }

                result = action();
            }
            catch (Exception e)
            {
                failure = ExceptionDispatchInfo.Capture(e);
            }
        });
        thread.Start();
        thread.Join();
        failure?.Throw();
        return result!;
    }

    [LibraryImport("libc", EntryPoint = "syscall", SetLastError = true)]
    private static partial nint SystemCall(nint number, nint real, nint effective, nint saved);
}
