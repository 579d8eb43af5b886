using System.Text;

namespace Smaragdine.Footprints;

/// <summary>How names of siblings are compared: numbers that count (`layer_3`, `group_0_3`, `layer.7`) become `*`.</summary>
internal static class FoldPattern
{
    /// <summary>
    /// The pattern of each name among its siblings. Where a sibling is the name less its last number (`group_0` beside `group_0_3`),
    /// only that number is one; the sibling has the same pattern.
    /// </summary>
    public static Dictionary<string, string> Of(IReadOnlyCollection<string> siblings)
    {
        HashSet<string> names = new(siblings, StringComparer.Ordinal);
        Dictionary<string, string> patterns = new(StringComparer.Ordinal);
        foreach (string name in names)
        {
            string stem = Naming.TensorFlowNames.WithoutUniquifier(name);
            if (stem != name && names.Contains(stem))
            {
                patterns[name] = stem + "_*";
                patterns[stem] = stem + "_*";
            }
        }

        foreach (string name in names)
        {
            patterns.TryAdd(name, Starred(name));
        }

        return patterns;
    }

    /// <summary>Every number that ends a name or a part of it (before `_`, `.`, `-`) as `*`: `conv2d_1` is `conv2d_*`.</summary>
    public static string Starred(string name)
    {
        StringBuilder text = new(name.Length);
        for (int i = 0; i < name.Length;)
        {
            int digits = i;
            while (digits < name.Length && char.IsAsciiDigit(name[digits]))
            {
                digits++;
            }

            if (digits == i)
            {
                text.Append(name[i++]);
                continue;
            }

            bool counts = digits == name.Length || name[digits] is '_' or '.' or '-' or '/';
            text.Append(counts ? "*" : name.AsSpan(i, digits - i));
            i = digits;
        }

        return text.ToString();
    }

    /// <summary>Orders names by their numbers as numbers: `layer_2` before `layer_10`.</summary>
    public static int Compare(string left, string right)
    {
        int i = 0;
        int j = 0;
        while (i < left.Length && j < right.Length)
        {
            if (char.IsAsciiDigit(left[i]) && char.IsAsciiDigit(right[j]))
            {
                ReadOnlySpan<char> a = Number(left, ref i);
                ReadOnlySpan<char> b = Number(right, ref j);
                int order = a.Length != b.Length ? a.Length.CompareTo(b.Length) : a.SequenceCompareTo(b);
                if (order != 0)
                {
                    return order;
                }
            }
            else if (left[i] != right[j])
            {
                return left[i].CompareTo(right[j]);
            }
            else
            {
                i++;
                j++;
            }
        }

        return (left.Length - i).CompareTo(right.Length - j);
    }

    private static ReadOnlySpan<char> Number(string text, ref int position)
    {
        while (position < text.Length - 1 && text[position] == '0' && char.IsAsciiDigit(text[position + 1]))
        {
            position++;
        }

        int start = position;
        while (position < text.Length && char.IsAsciiDigit(text[position]))
        {
            position++;
        }

        return text.AsSpan(start, position - start);
    }
}
