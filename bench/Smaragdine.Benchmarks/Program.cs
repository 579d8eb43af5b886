using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;
using Smaragdine.Benchmarks;

// In process: what counts are ratios within one run, and building a project for each benchmark takes longer than running it.
ManualConfig config = ManualConfig.Create(DefaultConfig.Instance)
    .AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance).WithInvocationCount(1).WithUnrollFactor(1).WithWarmupCount(5).WithIterationCount(9))
    .AddDiagnoser(MemoryDiagnoser.Default)
    .AddColumn(StatisticColumn.Median, new RateColumn());
_ = BenchmarkSwitcher.FromAssembly(typeof(RepeatedStep).Assembly).Run(args, config);
