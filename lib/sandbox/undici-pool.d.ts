// Its main entry would also make itself the dispatcher of the process's own fetch(), and takes three times as long to load.
declare module 'undici/lib/dispatcher/pool' {
  import Pool from 'undici/types/pool';
  export = Pool;
}
