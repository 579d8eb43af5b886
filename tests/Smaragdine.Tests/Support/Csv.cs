using System.Text;

namespace Smaragdine.Tests.Support;

/// <summary>RFC 4180, plainly, so that what we write is not read back by our own reader.</summary>
public static class Csv
{
    public static IEnumerable<string[]> Rows(string text)
    {
        List<string> row = [];
        StringBuilder field = new();
        bool quoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (quoted)
            {
                if (c == '"' && i + 1 < text.Length && text[i + 1] == '"')
                {
                    field.Append(text[++i]);
                }
                else if (c == '"')
                {
                    quoted = false;
                }
                else
                {
                    field.Append(c);
                }
            }
            else if (c == '"')
            {
                quoted = true;
            }
            else if (c is ',' or '\n')
            {
                row.Add(field.ToString());
                field.Clear();
                if (c == '\n')
                {
                    yield return [.. row];
                    row.Clear();
                }
            }
            else
            {
                field.Append(c);
            }
        }
    }
}
