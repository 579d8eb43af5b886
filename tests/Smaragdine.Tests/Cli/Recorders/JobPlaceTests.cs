using Smaragdine.Cli;
using Smaragdine.Cli.Recorders;
using Smaragdine.Recordings;
using Smaragdine.Sensors.Host;

namespace Smaragdine.Tests.Cli.Recorders;

public sealed class JobPlaceTests
{
    [Theory]
    [InlineData("RANK=3 LOCAL_RANK=1 WORLD_SIZE=8", "DIR/n1/3")]
    [InlineData("OMPI_COMM_WORLD_RANK=2 OMPI_COMM_WORLD_LOCAL_RANK=0 OMPI_COMM_WORLD_SIZE=4", "DIR/n1/2")]
    [InlineData("SLURM_PROCID=0 SLURM_LOCALID=0 SLURM_STEP_NUM_TASKS=2 SLURM_STEP_ID=0", "DIR/n1/0")]
    [InlineData("SLURM_PROCID=7 SLURM_LOCALID=3 SLURM_NTASKS=8", "DIR/n1/7")]
    [InlineData("PMI_RANK=1 PMI_LOCAL_RANK=1 PMI_SIZE=2", "DIR/n1/1")]
    [InlineData("RANK=0 WORLD_SIZE=1", null)]
    [InlineData("RANK=0", null)]
    [InlineData("RANK=5 WORLD_SIZE=4", null)]
    [InlineData("SLURM_PROCID=0 SLURM_NTASKS=64", null)]
    [InlineData("HOME=/root", null)]
    public void Each_launcher_s_rank_has_a_directory_and_a_single_process_none(string environment, string? directory) =>
        JobPlace.Of(new() { Output = "DIR" }, "n1", Rank(environment))?.Directory.ShouldBe(directory);

    [Theory]
    [InlineData("RANK=0 WORLD_SIZE=2 TORCHELASTIC_RUN_ID=my-run", "smaragdine-job-my-run")]
    [InlineData("SLURM_PROCID=1 SLURM_STEP_NUM_TASKS=2 SLURM_STEP_ID=4 SLURM_JOB_ID=123", "smaragdine-job-123.4")]
    [InlineData("OMPI_COMM_WORLD_RANK=0 OMPI_COMM_WORLD_SIZE=2 PMIX_NAMESPACE=prterun-n1-7@1", "smaragdine-job-prterun-n1-7_1")]
    [InlineData("OMPI_COMM_WORLD_RANK=0 OMPI_COMM_WORLD_SIZE=2 PMIX_NAMESPACE=155516929", "smaragdine-job-155516929")]
    [InlineData("PMI_RANK=0 PMI_SIZE=2 PBS_JOBID=5.server", "smaragdine-job-5.server")]
    public void Without_a_name_the_job_s_number_names_one_directory_for_all(string environment, string root) =>
        JobPlace.Of(new(), "n1", Rank(environment))!.Root.ShouldBe(root);

    [Fact]
    public void Where_nothing_names_the_job_the_user_must()
    {
        RankFacts rank = Rank("RANK=1 WORLD_SIZE=2 TORCHELASTIC_RUN_ID=none")!;
        Should.Throw<UsageException>(() => JobPlace.Of(new(), "n1", rank)).Message.ShouldContain("rank 1 of 2 (torchrun)");
        JobPlace.Of(new() { IgnoreRanks = true }, "n1", rank).ShouldBeNull();
        JobPlace.Of(new() { Pid = 1 }, "n1", rank).ShouldBeNull();
    }

    [Theory]
    [InlineData("node7.cluster", "node7.cluster")]
    [InlineData("../..", "_")]
    [InlineData("a b/c", "a_b_c")]
    [InlineData("42", "host-42")]
    [InlineData("", "host")]
    [InlineData(null, "host")]
    public void A_host_s_name_is_made_fit_for_a_directory(string? name, string folder) =>
        JobPlace.Of(new() { Output = "DIR" }, name, Rank("RANK=0 WORLD_SIZE=2"))!.Host.ShouldBe(folder);

    [Fact]
    public void Patterns_of_traces_have_the_rank_s_numbers_in_them() =>
        JobPlace.Of(new() { Output = "DIR" }, "n1", Rank("RANK=9 LOCAL_RANK=1 WORLD_SIZE=16"))!.Expand("out/{rank}-{local_rank}/t-*.json").ShouldBe("out/9-1/t-*.json");

    private static RankFacts? Rank(string environment)
    {
        Dictionary<string, string> set = environment.Split(' ').Select(p => p.Split('=')).ToDictionary(p => p[0], p => p[1]);
        return RankVariables.Read(n => set.GetValueOrDefault(n));
    }
}
