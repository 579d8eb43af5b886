namespace Smaragdine.Sensors.Activity;

/// <summary>A folder of /proc whose entries are numbers: processes, threads.</summary>
internal static unsafe class NumberedFolder
{
    /// <summary>The numbers in it, as many as there is room for; how many there are. 0 where there is no such folder. Does not allocate.</summary>
    /// <param name="path">UTF-8 with a zero at its end.</param>
    /// <param name="numbers">Takes them.</param>
    public static int List(ReadOnlySpan<byte> path, Span<int> numbers)
    {
        // struct dirent of 64-bit Linux: inode 8, offset 8, length 2, type 1, name.
        const int Name = 19;
        nint directory;
        fixed (byte* p = path)
        {
            directory = LinuxCalls.OpenDirectory(p);
        }

        int count = 0;
        if (directory == 0)
        {
            return 0;
        }

        for (byte* entry = LinuxCalls.ReadDirectory(directory); entry != null; entry = LinuxCalls.ReadDirectory(directory))
        {
            int number = 0;
            byte* c = entry + Name;
            for (; (uint)(*c - '0') <= 9 && number < 100_000_000; c++)
            {
                number = (number * 10) + (*c - '0');
            }

            if (*c == 0 && number > 0)
            {
                if (count < numbers.Length)
                {
                    numbers[count] = number;
                }

                count++;
            }
        }

        _ = LinuxCalls.CloseDirectory(directory);
        return count;
    }
}
