{
  # The bridge for prebuildify and node-gyp: hands over to CMakeLists.txt, which is the one build description.
  "targets": [
    {
      "target_name": "wework_spec_sandbox",
      "type": "none",
      "actions": [
        {
          "action_name": "cmake-js",
          "inputs": ["CMakeLists.txt"],
          "outputs": ["<(PRODUCT_DIR)/wework_spec_sandbox.node"],
          "action": [
            "node", "scripts/build-addon.mjs",
            "--build-dir", "out/prebuild", "--out", "<(PRODUCT_DIR)"
          ],
          "message": "Building with CMakeLists.txt"
        }
      ]
    }
  ]
}
