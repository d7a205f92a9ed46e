// Larger objects with a base class and virtual destructors.
struct StandinBase {
  virtual ~StandinBase() = default;
  virtual int Kind() const { return 1; }
  char padding[5000] = {};
};
#define STANDIN_BASE : public StandinBase
#define STANDIN_VIRTUAL virtual
#define STANDIN_MORE_MEMBERS alignas(64) char more_[300] = {};
